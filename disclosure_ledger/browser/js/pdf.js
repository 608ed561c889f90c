async function comparePdf() { return "unknown"; }
