import { quote } from '../shell/quote.ts';
import { awaitListening, openNameless } from './nameless.ts';

/** What is listened to on one host, and how much of it is kept. */
export interface Listening {
  readonly device: string;
  /** pcap-filter(7) */
  readonly filter: string;
  readonly packets: number;
  /** Until it ends by itself, should nobody be left to end it. */
  readonly seconds: number;
}

/** Bytes kept of a packet: outer and inner headers of every mode, and a whole echo of {@link ECHO_BYTES}, which checksums are over. */
const KEPT_BYTES = 256;

/**
 * Starts tcpdump in the background, which writes a capture file as Wireshark has it, and waits until it listens.
 *
 * Without immediate mode (libpcap before 1.5) the kernel keeps packets back for a second, which the end has to wait for.
 * Whatever ends the session's shell ends tcpdump. The files have no names; 4 and 5 are what it says, 6 and 7 what it captures.
 */
export function listenScript({ device, filter, packets, seconds }: Listening): string {
  const words = `-n -p -U -i ${quote(device)} -s ${KEPT_BYTES} -c ${packets} -w - ${quote(filter)}`;
  return `tunorch_silence() { [ -z "$tunorch_capture" ] || kill "$tunorch_capture" 2>/dev/null; }
tunorch_silence; tunorch_capture= heard=
for program in tcpdump timeout; do command -v "$program" >/dev/null || { echo "@missing $program"; return; }; done
${openNameless(4, 5)} && ${openNameless(6, 7)} || { echo '@refused no file can be made'; return; }
trap tunorch_silence EXIT; trap 'exit 1' HUP TERM
tunorch_words=$(tcpdump --help 2>&1 </dev/null) tunorch_delay=2
case $tunorch_words in *--immediate-mode*) set -- --immediate-mode; tunorch_delay=0.3 ;; *) set -- ;; esac
timeout ${seconds} tcpdump "$@" ${words} >&6 2>&4 </dev/null & tunorch_capture=$!
${awaitListening(5)}
if [ -n "$tunorch_capture" ]; then printf '@listening\\n%s\\n' "$tunorch_words"; else printf '@refused %s\\n' "$heard"; fi`;
}

/** What became of the attempt to listen. */
export type Started =
  | { readonly state: 'listening'; readonly program: string }
  | { readonly state: 'missing'; readonly program: string }
  | { readonly state: 'refused'; readonly words: string };

/** @throws Error - it is not what {@link listenScript} prints */
export function readStarted(output: string): Started {
  const [, word, rest = ''] = /^@(listening|missing|refused)[ \n]?([\s\S]*)$/.exec(output) ?? [];
  if (word === 'listening') return { state: 'listening', program: programIn(rest) };
  if (word === 'missing') return { state: 'missing', program: rest.trim() };
  if (word === 'refused') return { state: 'refused', words: rest.trim() };
  throw new Error('nothing says whether tcpdump listens');
}

/** `tcpdump version 4.99.3`, among the versions of what it is made of, and its usage. */
function programIn(words: string): string {
  const version = /^(?:\S*\/)?tcpdump version (\S+)/m.exec(words)?.[1];
  return version === undefined ? 'tcpdump' : `tcpdump ${version}`;
}

/** Ends the capture and prints what it has, as text that every shell and channel carries. */
export const stopScript = `[ -n "$tunorch_capture" ] || return
sleep "$tunorch_delay" 2>/dev/null || sleep 1
kill -0 "$tunorch_capture" 2>/dev/null && echo '@running' || echo '@ended'
{ kill "$tunorch_capture"; wait "$tunorch_capture"; } 2>/dev/null
tunorch_capture=; trap - EXIT HUP TERM
cat <&5
echo '@packets'
if command -v base64 >/dev/null; then base64 <&7; else echo '@hex'; od -An -v -tx1 <&7; fi
exec 4>&- 5<&- 6>&- 7<&-`;

/** What tcpdump left. */
export interface Stopped {
  /** It ended before it was told to: the capture is full. */
  readonly isFull: boolean;
  /** Packets the kernel had no room for. */
  readonly dropped: number;
  readonly file: Uint8Array;
}

/** @throws Error - it is not what {@link stopScript} prints */
export function readStopped(output: string): Stopped {
  const [, state, words = '', hex, text = ''] = /^@(running|ended)\n([\s\S]*?)@packets\n(@hex\n)?([\s\S]*)$/.exec(output) ?? [];
  if (state === undefined) throw new Error('nothing says what was captured');
  return {
    isFull: state === 'ended',
    dropped: Number(/^(\d{1,9}) packets? dropped by kernel/m.exec(words)?.[1] ?? 0),
    file: hex === undefined ? fromBase64(text) : fromHex(text),
  };
}

function fromBase64(text: string): Uint8Array {
  const letters = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(letters)) throw new Error('what was captured is not base64');
  return Buffer.from(letters, 'base64');
}

function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (!/^(?:[0-9a-f]{2})*$/.test(digits)) throw new Error('what was captured is not od’s hexadecimal');
  return Buffer.from(digits, 'hex');
}
