/** A read-only probe: what to ask the host's shell, and how to read the answer. */
export interface Fact<Value, Question = void> {
  readonly name: string;
  /** POSIX sh that only reads. Its output becomes the fact's section. */
  snippet(question: Question): string;
  /** Pure; takes the section's text. @throws Error - the text is not what the probe prints */
  parse(section: string): Value;
}

const SECTION = '@@tunorch-fact';

/** Prints a header before each snippet so that one script can carry all facts in one round trip. */
export function sectionScript(name: string, snippet: string): string {
  return `printf '\\n%s %s\\n' ${SECTION} ${name}\n${snippet}`;
}

/** Splits the output of a gather script by its headers. */
export function readSections(output: string): ReadonlyMap<string, string> {
  const parts = output.split(new RegExp(`^${SECTION} `, 'm')).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end).trim(), part.slice(end + 1)];
    }),
  );
}

/** What `ip -batch` printed: with `-j` one JSON array a line, where a line that failed prints none; else text, which `ofText` reads. */
export function readEntries(section: string, ofText: (text: string) => readonly Entry[]): readonly Entry[] {
  const arrays = section.split('\n').filter((line) => line.startsWith('['));
  const entries =
    arrays.length > 0 ? arrays.flatMap((line) => JSON.parse(line, line.includes('\\u0000') ? refuseNul : undefined) as Entry[]) : ofText(section);
  return entries.filter((entry) => Object.keys(entry).length > 0);
}

/** No text of a kernel has one, and no shell word can hold it. */
function refuseNul(name: string, value: unknown): unknown {
  if (name.includes('\0') || (typeof value === 'string' && value.includes('\0'))) throw new Error('a text with a NUL character');
  return value;
}

type Entry = Readonly<Record<string, unknown>>;
