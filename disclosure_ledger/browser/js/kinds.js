// The format's closed tables: kinds and their fields (docs/format.md sections 4 and 5), legal bases (docs/records.md).

const PUBLIC_KINDS = {
  erasure: ["authority", "entries", "reason"],
  genesis: ["format", "log_key", "log_key_mldsa", "practice", "recorder"],
  log_key_rotated: ["log_key", "log_key_mldsa"],
  recorder_added: ["recorder"],
  recorder_revoked: ["recorder"],
  stream_map: ["root", "size", "streams"],
};

const DISCLOSURE_FIELDS = (
  "basis client client_informed counted_as description disclosed_by disclosed_on discovered_on document_sha256 " +
  "evidence explanation fields findings matter method minimum_necessary note overrides pages part2_basis protocol " +
  "psychotherapy_notes purpose recipient recorded_by ref reported_on service service_scope verified via_ehr"
).split(" ");

const SEALED_KINDS = Object.fromEntries(
  Object.entries({
    accounting_extended: "client note notified_on provide_by reason recorded_by ref request",
    accounting_fee_notice: "answer client fee note notified_on recorded_by ref request",
    accounting_provided: "client document fee note provided_on recorded_by ref request sha256",
    accounting_request: "client from id note received_on recorded_by ref requested_on requester to",
    accounting_withdrawn: "client note recorded_by ref request withdrawn_on",
    authorization:
      "client combined_with elements event_happened_on expires_on expires_when id information note " +
      "psychotherapy_notes purpose recipients recorded_by ref sha256 signed_on",
    authorization_revoked: "client id note received_on recorded_by ref",
    client: "address born_on client communication died_on name note recorded_by ref representatives",
    correction: [...DISCLOSURE_FIELDS, "corrects", "reason", "retract"].sort().join(" "),
    disclosure: DISCLOSURE_FIELDS.join(" "),
    hold: "client note reason recorded_by ref",
    hold_lifted: "client note recorded_by ref",
    research_candidate: "client note protocol recorded_by ref",
    research_protocol: "client criteria description id information name note recorded_by ref researcher sponsor",
    restriction: "client effective_on id note paid_on recipients recorded_by ref services type",
    restriction_ended: "client ended_on how id note recorded_by ref",
    suspension: "agency client matter note official recorded_by ref stated_on statement through",
    suspension_lifted: "agency client lifted_on matter note recorded_by ref",
  }).map(([kind, fields]) => [kind, fields.split(" ")]),
);

const STREAM_BEGINS = "client", STREAM_FOLLOWS = ["disclosure", "correction"];
const KEY_KINDS = ["genesis", "recorder_added", "recorder_revoked", "log_key_rotated"];

/** Each legal basis: is it listed, may it be summed up, may the study be listed in its place? */
const BASES = (() => {
  const bases = Object.create(null);
  const take = (codes, listed, summed, study = false) => {
    for (const code of codes.split(" ")) bases[code] = { listed, summed, study };
  };
  take(
    "individual personal_representative treatment payment health_care_operations operations_mh_training " +
      "operations_defend_own_action organized_health_care_arrangement business_associate fundraising " +
      "limited_data_set incidental authorization authorization_psychotherapy_notes authorization_marketing_or_sale " +
      "authorization_research facility_directory involved_in_care notification disaster_relief " +
      "deceased_involved_person national_security correctional_custody",
    "no", false,
  );
  take(
    "parent_not_representative individual_directed_third_party business_associate_own_purposes whistleblower " +
      "workforce_crime_victim",
    "default", false,
  );
  take(
    "hhs_secretary required_by_law public_health child_abuse_report fda_regulated communicable_disease_contact " +
      "employer_workplace_health school_immunization adult_abuse_required adult_abuse_agreed adult_abuse_authorized " +
      "health_oversight court_order subpoena_client_notified subpoena_protective_order subpoena_entity_effort " +
      "le_required_by_law le_court_order_warrant le_grand_jury_subpoena le_administrative_request le_identify_locate " +
      "le_crime_victim le_death_criminal le_crime_on_premises le_crime_emergency coroner_medical_examiner " +
      "funeral_director organ_donation serious_threat threat_violent_crime_admission threat_escapee military_command " +
      "military_separation_or_va protective_services medical_suitability government_benefit_programs nics_report " +
      "workers_compensation",
    "yes", true,
  );
  take("research_waiver research_preparatory research_decedents", "yes", true, true);
  take("impermissible impermissible_by_business_associate", "yes", false);
  return bases;
})();

const RECIPIENT_TYPES = (
  "health_plan provider court attorney law_enforcement oversight_agency public_health protective_services coroner " +
  "family representative client business_associate employer school researcher insurer_other unknown other"
).split(" ");
