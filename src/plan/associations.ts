import type { Endpoint } from '../domain/endpoint.ts';
import { indexed } from '../domain/indexed.ts';
import { associationText, type DrawnKeys, type EspPath, reqidOf, type SecurityAssociation } from '../domain/ipsec.ts';
import type { ObservedHost } from '../domain/observed.ts';
import type { Secret } from '../domain/secret.ts';
import { pathsOf } from './ipsec-wanted.ts';

/** An association that is not there yet. */
export interface NewAssociation {
  readonly association: SecurityAssociation;
  readonly key: Secret;
}

/** What becomes of one end's associations. */
export interface EndAssociations {
  /** Left out where those that are there do. */
  readonly fresh?: { readonly in: NewAssociation; readonly out: NewAssociation };
  /** Of ours, those that nobody needs in the end. */
  readonly surplus: readonly SecurityAssociation[];
}

/** An end and what its host has. */
export interface Situated {
  readonly endpoint: Endpoint;
  readonly observed: ObservedHost;
}

/**
 * Decides for both ends together: a pair is of use only while both have it.
 *
 * All are made anew where an end lacks one, has more than one, or the two have not the same; keys cannot be compared, but
 * each is drawn together with its number (SPI), and the two stay together.
 */
export function planAssociations(
  [first, second]: readonly [Situated, Situated],
  { drawn, isRenewed }: { readonly drawn: DrawnKeys | undefined; readonly isRenewed: boolean },
): readonly [EndAssociations, EndAssociations] {
  const sites = [first, second] as const;
  if (first.endpoint.ipsec !== true) return [{ surplus: own(first) }, { surplus: own(second) }];
  if (!isRenewed && isPaired(first, second) && isPaired(second, first) && sites.every((site) => own(site).length === 2))
    return [{ surplus: [] }, { surplus: [] }];
  if (drawn === undefined) throw new Error(`no keys were drawn for ${first.endpoint.tunnel}`);
  const [there, back] = freeSpis(drawn, sites);
  const [thereKey, backKey] = drawn.keys;
  const made = (path: EspPath, spi: number, key: Secret): NewAssociation => ({ association: { ...path, spi }, key });
  const [at, opposite] = [pathsOf(first.endpoint), pathsOf(second.endpoint)];
  return [
    { fresh: { in: made(at.in, back, backKey), out: made(at.out, there, thereKey) }, surplus: own(first) },
    { fresh: { in: made(opposite.in, there, thereKey), out: made(opposite.out, back, backKey) }, surplus: own(second) },
  ];
}

/** Those a former run made for this tunnel, whatever addresses it had then. */
export function own({
  endpoint,
  observed,
}: Pick<Situated, 'observed'> & { readonly endpoint: Pick<Endpoint, 'tunnel'> }): readonly SecurityAssociation[] {
  return associationsOf(observed.associations, String(reqidOf(endpoint.tunnel)));
}

const associationsOf = indexed(({ reqid }: SecurityAssociation) => [String(reqid)]);

/** Whether what one end sends by is what the other takes. */
function isPaired(sender: Situated, receiver: Situated): boolean {
  const [sent] = own(sender).filter((one) => isOn(one, pathsOf(sender.endpoint).out));
  const [taken] = own(receiver).filter((one) => isOn(one, pathsOf(receiver.endpoint).in));
  return sent !== undefined && sent.spi === taken?.spi;
}

function isOn({ spi, ...path }: SecurityAssociation, wanted: EspPath): boolean {
  return associationText({ ...path, spi }) === associationText({ ...wanted, spi });
}

function freeSpis({ spis }: DrawnKeys, sites: readonly Situated[]): readonly [number, number] {
  const taken = new Set(sites.flatMap(({ observed }) => observed.associations.map(({ spi }) => spi)));
  const [there, back] = new Set(spis.filter((spi) => !taken.has(spi)));
  if (there === undefined || back === undefined) throw new Error('too few SPIs were drawn');
  return [there, back];
}
