import type { IpAddress } from '../domain/address.ts';
import type { FouPort } from '../domain/encapsulation.ts';
import type { Clamp } from '../domain/mss-clamp.ts';
import type { Attributes } from '../domain/observed.ts';
import type { StoredFile } from '../domain/persistence.ts';
import type { InnerAddress, ModeName } from '../domain/tunnel.ts';
import type { IpsecOperation } from './ipsec-operation.ts';
import type { LinkRoute } from './link-route.ts';

/** A device to make, with everything it has from its first moment. */
export interface LinkSpec {
  readonly device: string;
  readonly mode: ModeName;
  readonly attributes: Attributes;
  readonly mtuBytes: number;
  readonly alias: string;
  /** Left out: the one of what tunorch makes. */
  readonly group?: string;
  /** To be made anew even where what is there could be changed. */
  readonly isRenewed?: true;
}

/** One primitive of a step: what `script` turns into one command. */
export type Operation =
  | { readonly kind: 'load-module'; readonly module: string }
  | { readonly kind: 'add-link'; readonly link: LinkSpec }
  /** Changes attributes in place; addresses, routes and counters survive. */
  | { readonly kind: 'change-link'; readonly device: string; readonly mode: ModeName; readonly from: Attributes; readonly to: Attributes }
  /** Deletes the device only while it carries `alias`. */
  | { readonly kind: 'delete-link'; readonly device: string; readonly alias: string }
  | { readonly kind: 'set-mtu'; readonly device: string; readonly mtuBytes: number }
  | { readonly kind: 'set-state'; readonly device: string; readonly state: 'up' | 'down' }
  /** `name` and `value` are words of `ip link set`. */
  | { readonly kind: 'set-link'; readonly device: string; readonly name: string; readonly value: string }
  | { readonly kind: 'set-alias'; readonly device: string; readonly alias: string }
  | { readonly kind: 'add-address' | 'delete-address'; readonly device: string; readonly address: InnerAddress }
  /** Of a route over several devices, only the share of its own. */
  | { readonly kind: 'add-route' | 'delete-route'; readonly route: LinkRoute }
  /** Released: closed, unless a link that is left still says in its alias that it needs it. */
  | { readonly kind: 'open-port' | 'release-port'; readonly port: FouPort }
  | { readonly kind: 'add-clamp' | 'delete-clamp'; readonly clamp: Clamp }
  /** Sends one packet through the tunnel, and does not mind whether it is answered. */
  | { readonly kind: 'call'; readonly device: string; readonly address: IpAddress }
  | { readonly kind: 'set-sysctl'; readonly path: string; readonly value: string }
  /** A text for `sh`, of a playbook; `id` tells a tunnel's commands on one host apart. */
  | {
      readonly kind: 'run-command';
      readonly id: string;
      readonly command: string;
      readonly seconds: number;
      readonly environment: Readonly<Record<string, string>>;
    }
  /** Writes the file beside its place. */
  | { readonly kind: 'stage-file'; readonly file: StoredFile }
  /** Fails where the program would not understand a staged file together with those it has. */
  | { readonly kind: 'check-file'; readonly tool: 'netplan'; readonly path: string }
  /** A staged file goes, or takes its place, which nothing can undo. */
  | { readonly kind: 'unstage-file' | 'place-file'; readonly path: string }
  | { readonly kind: 'remove-file'; readonly path: string }
  /** Has a program read its files anew, once for all tunnels. */
  | { readonly kind: 'reload'; readonly words: readonly string[] }
  /** Switches forwarding off again, unless a link that is left still says in its alias that it was off before tunorch. */
  | { readonly kind: 'release-forwarding'; readonly mark: string; readonly path: string; readonly keepOn: readonly string[] }
  | IpsecOperation;

/** Unit of apply and undo on one host. The inverse is born with the step, from what was observed before the first change. */
export interface Step {
  readonly host: string;
  readonly tunnel: string;
  readonly title: string;
  readonly forward: readonly Operation[];
  /** In the order they are to run. Empty where nothing can or need be undone (a loaded module stays). */
  readonly inverse: readonly Operation[];
  /** What cannot be undone, done when the last word is spoken: the tunnel is kept, and nothing is taken back any more. */
  readonly final?: readonly Operation[];
  /** Done with all that follows only when every host has done what comes before. */
  readonly waitsForPeer?: true;
}
