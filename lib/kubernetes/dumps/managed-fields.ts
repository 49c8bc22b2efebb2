// Leaves `metadata.managedFields` out of YAML before it is parsed: half of an object's text, and nothing we read.
//
// Only where it is surely that: a child of a `metadata:` that is a key of the
// item itself. A block scalar further down may hold the same words.

interface Walk {
  /** Indentation of the item's own keys, and of the keys below `metadata:`; -1: not known yet. */
  keys: number;
  children: number;
  inMetadata: boolean;
  drops: boolean;
}

/** Says of each line of one item, in order, whether it is kept. */
export function managedFieldsDropper(): (line: string) => boolean {
  const walk: Walk = { keys: -1, children: -1, inMetadata: false, drops: false };
  return (line) => {
    const indent = indentOf(line);
    if (indent < line.length) step(walk, line, indent);
    return !walk.drops;
  };
}

function step(walk: Walk, line: string, indent: number): void {
  if (walk.keys < 0) walk.keys = indent;
  if (indent <= walk.keys) {
    walk.inMetadata = isKey(line, indent, 'metadata:');
    walk.children = -1;
    walk.drops = false;
  } else if (walk.inMetadata) child(walk, line, indent);
}

/** kubectl does not indent the dashes of a list below its key. */
function child(walk: Walk, line: string, indent: number): void {
  if (walk.children < 0) walk.children = indent;
  const isDash = walk.drops && line[indent] === '-';
  if (indent === walk.children && !isDash) walk.drops = isKey(line, indent, 'managedFields:');
}

const isKey = (line: string, indent: number, key: string): boolean =>
  line.startsWith(key, indent) && line.trimEnd().length === indent + key.length;

function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32) at += 1;
  return at;
}
