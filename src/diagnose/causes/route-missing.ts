import { repair } from '../cures.ts';
import type { Cause } from '../finding.ts';

/** A network behind the peer to which no route leads through the tunnel. */
export const routeMissing: Cause = {
  name: 'route-missing',
  title: 'a route through the tunnel that is missing',
  judge: (evidence) =>
    evidence.ends.flatMap((end) => {
      const { wanted, observed, link } = end;
      if (link === undefined || !link.isUp) return [];
      const missing = wanted.routes.filter(
        ({ to, table }) => !observed.routes.some((route) => route.to === to && route.table === table && route.device === wanted.device),
      );
      if (missing.length === 0) return [];
      const { host, device } = wanted;
      const others = missing.flatMap(({ to, table }) =>
        observed.routes.filter((route) => route.to === to && route.table === table && route.device !== ''),
      );
      const message = `no route to ${missing.map(({ to }) => to).join(', ')} leads into ${device}`;
      const evidence1 = others.map((route) => `${route.to} leads into ${route.device} (proto ${route.protocol})`);
      return [{ cause: 'route-missing', host, certainty: 'proved', message, evidence: evidence1, cures: [repair(evidence, end)] }];
    }),
};
