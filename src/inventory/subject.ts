/** What a path of the inventory is about, in words: `router-a of tunnel gre1`. */
export function subjectOf(path: readonly string[]): string {
  const [root, name, section, host, ...rest] = path;
  if (root === undefined) return 'the inventory';
  if (root === 'meshes') return meshSubject(path);
  if (root !== 'tunnels') return groupSubject(path);
  if (name === undefined) return 'tunnels';
  if (section === 'endpoints' && host !== undefined) return `${fieldsOf(rest)}${host} of tunnel ${name}`;
  return `${fieldsOf(path.slice(2))}tunnel ${name}`;
}

/** The field at the end of a path, with its number where it is in a list: `networks[1]`. */
export function fieldOf(path: readonly string[]): string {
  const last = path.at(-1) ?? 'the inventory';
  const before = path.at(-2);
  return /^\d+$/.test(last) && before !== undefined ? `${before}[${last}]` : last;
}

function meshSubject([_root, name, section, endpoints, host, ...rest]: readonly string[]): string {
  if (name === undefined) return 'meshes';
  if (section !== 'tunnel' || endpoints === undefined) return `mesh ${name}`;
  if (endpoints === 'endpoints' && host !== undefined) return `${fieldsOf(rest)}${host} of mesh ${name}`;
  return `${fieldsOf([endpoints])}mesh ${name}`;
}

function groupSubject(path: readonly string[]): string {
  const section = path.findLastIndex((step, index) => index % 2 === 1 && ['hosts', 'children', 'vars'].includes(step));
  const group = path[Math.max(section - 1, 0)] ?? '';
  const member = path[section + 1];
  if (section === -1 || member === undefined) return `group ${group}`;
  if (path[section] === 'hosts') return `host ${member}`;
  return path[section] === 'children' ? `group ${member}` : `the vars of group ${group}`;
}

function fieldsOf(steps: readonly string[]): string {
  const fields = steps.filter((step) => !/^\d+$/.test(step));
  return fields.length === 0 ? '' : `${fields.join('.')} of `;
}
