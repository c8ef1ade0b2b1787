import { type KernelState, Refusal, type Words } from './fake-kernel-state.ts';

/** `ip fou add WORDS`; a line as `ip fou show` prints it is all there is to a port. */
export function openPort(state: KernelState, words: Words): void {
  if (state.modules.get('fou') !== 'loaded') throw new Refusal('RTNETLINK answers: No such file or directory', 1);
  const line = rest(words);
  if (state.fouPorts.some((one) => slot(one) === slot(line))) throw new Refusal('RTNETLINK answers: Address already in use');
  state.fouPorts.push(line);
}

export function closePort(state: KernelState, words: Words): void {
  const line = rest(words);
  const found = state.fouPorts.findIndex((one) => slot(one) === slot(line));
  if (found < 0) throw new Refusal('RTNETLINK answers: Invalid argument');
  state.fouPorts.splice(found, 1);
}

/** A port of a number and family, whatever it takes out. */
function slot(line: string): string {
  return `${line.split(' ')[1]} ${line.endsWith(' -6')}`;
}

function rest(words: Words): string {
  const all: string[] = [];
  while (!words.isEmpty) all.push(words.next());
  return all.join(' ');
}
