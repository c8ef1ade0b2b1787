import { quote } from '../../shell/quote.ts';
import { convergence } from '../cures.ts';
import type { EndEvidence, TunnelEvidence } from '../evidence.ts';
import type { Cause, Cure } from '../finding.ts';

/** The kernel cannot do the mode, or may not. */
export const moduleMissing: Cause = {
  name: 'module-missing',
  title: 'a kernel without the mode',
  judge: (evidence) =>
    evidence.ends.flatMap((end) => {
      const refusal = evidence.refusals.find(({ code, host }) => code === 'host.kernel-support' && host === end.wanted.host);
      if (refusal === undefined || end.link !== undefined) return [];
      const { message, hint } = refusal;
      return [{ cause: 'module-missing', host: end.wanted.host, certainty: 'proved', message, evidence: [], cures: cures(end, hint, evidence) }];
    }),
};

/** A blacklist is an administrator's word; what takes it back is shown with why it stood there. */
function cures({ wanted, observed }: EndEvidence, hint: string, evidence: TunnelEvidence): readonly Cure[] {
  const blacklisted = [...observed.modules].flatMap(([name, support]) =>
    support.state === 'absent' && support.reason === 'blacklisted' ? [name] : [],
  );
  const commands = blacklisted.map((name) => `sed -i ${quote(`/^ *blacklist  *${name} *$/d`)} /etc/modprobe.d/*.conf`);
  return [{ host: wanted.host, words: hint, commands }, convergence(evidence)];
}
