import type { Host } from '../../src/domain/host.ts';
import type { Reply, Session, Transport } from '../../src/transport/transport.ts';

/** What a script of a diagnosis is for, told by what it prints. */
type EvidenceSort = 'gather' | 'survey' | 'look' | 'probe' | 'sizes' | 'quiet';

function evidenceSort(script: string): EvidenceSort {
  if (script.includes('tunorch_network()')) return 'gather';
  if (script.includes('tunorch_probes()')) return 'probe';
  if (script.includes('tunorch_passes()')) return 'sizes';
  if (script.includes('@@tunorch-fact captured')) return 'look';
  return script.includes('@@tunorch-fact underlay') ? 'survey' : 'quiet';
}

/** The name of a recorded reply: `look-1.txt` is the second look. */
function replyName(sort: EvidenceSort, number: number): string {
  return `${sort}-${number}.txt`;
}

/** Hosts that say again what real ones said, script by script. */
export class RecordedHosts implements Transport {
  readonly #read: (host: string, name: string) => string;

  constructor(read: (host: string, name: string) => string) {
    this.#read = read;
  }

  async connect({ name }: Host, _signal?: AbortSignal, opening?: string): Promise<Session> {
    const counts = new Map<EvidenceSort, number>();
    const run = async (script: string): Promise<Reply> => {
      const sort = evidenceSort(script);
      const number = counts.get(sort) ?? 0;
      counts.set(sort, number + 1);
      return { status: 0, stdout: sort === 'quiet' ? '' : withAllSections(script, this.#read(name, replyName(sort, number))), stderr: '' };
    };
    return { host: name, run, close: async () => undefined, ...(opening === undefined ? {} : { opening: run(opening) }) };
  }

  async close(): Promise<void> {}
}

/** What is asked for today and was not when a host was recorded has nothing to say. */
function withAllSections(script: string, text: string): string {
  const asked = [...script.matchAll(/@@tunorch-fact ([\w-]+)/g)].map(([header]) => header);
  return [text, ...asked.filter((header) => !text.includes(header)).map((header) => `${header}\n`)].join('\n');
}
