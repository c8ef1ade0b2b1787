import type { Allotment } from '../../domain/allotment.ts';

const HEADER = `# Written by tunorch; commit it together with the inventory. It keeps what each tunnel of a mesh was given, so that hosts may come
# and go without renumbering the others. A released tunnel is not of its mesh any more; nobody else is given what it had until you
# delete it here, which is safe once \`tunorch up --prune\` has taken it off its hosts.
`;

/** Mesh after mesh, tunnel after tunnel, in the order of their names: a tunnel more is five lines more, and the others stay where they are. */
export function lockText(allotments: readonly Allotment[]): string {
  const meshes = [...new Set(allotments.map(({ mesh }) => mesh))].sort();
  return `${HEADER}${meshes
    .map((mesh) =>
      meshText(
        mesh,
        allotments.filter((one) => one.mesh === mesh),
      ),
    )
    .join('')}`;
}

function meshText(mesh: string, allotments: readonly Allotment[]): string {
  const sorted = [...allotments].sort((one, other) => (one.tunnel < other.tunnel ? -1 : 1));
  return `${word(mesh)}:\n${sorted.map(tunnelText).join('')}`;
}

function tunnelText({ tunnel, key, ends, isReleased }: Allotment): string {
  const lines = [
    `  ${word(tunnel)}:`,
    ...(isReleased ? ['    released: true'] : []),
    ...(key === undefined ? [] : [`    key: ${key}`]),
    '    endpoints:',
    ...ends.map(({ host, address, device }) => `      ${word(host)}: { address: ${word(address)}, device: ${word(device)} }`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What YAML 1.1 and 1.2 both read as this text; else in quotes. */
function word(text: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9_.-]*$|^\d+\.\d+\.\d+\.\d+$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
