// Tells from the beginning of a line whether it is a record of the API server's audit log.

/** Shippers that sort the members put the annotations, which may hold an RBAC reason, in front of the version. */
const HEAD = 4096;

const VERSION = /"apiVersion"\s{0,4}:\s{0,4}"audit\.k8s\.io\/v\d/;

/** Cheap: asked of every line that opens with a brace. Says yes, too, to what merely carries a record. */
export const mayBeAudit = (text: string): boolean => opensObject(text) && VERSION.test(text.slice(0, HEAD));

/** `{`, perhaps after blanks. */
function opensObject(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 123 || (first === 32 && /^ {1,64}\{/.test(text));
}

/**
 * Of a text that cannot be parsed: whether the record itself begins here, as Go writes it or sorted by name.
 *
 *   {"kind":"Event","apiVersion":"audit.k8s.io/v1",…      {"annotations":{…},"apiVersion":"audit.k8s.io/v1",…
 */
export const beginsAudit = (text: string): boolean =>
  /^ {0,64}\{\s{0,4}"(?:kind"\s{0,4}:\s{0,4}"Event"|apiVersion"\s{0,4}:\s{0,4}"audit\.|annotations"|auditID"|level"|stage")/.test(
    text,
  );
