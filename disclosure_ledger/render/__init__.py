"""An accounting as a client holds it: one module a format, each a pure function, deterministic to the byte."""
