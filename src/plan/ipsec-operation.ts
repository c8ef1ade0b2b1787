import type { IpsecPolicy, SecurityAssociation } from '../domain/ipsec.ts';
import type { Secret } from '../domain/secret.ts';

/** What an association decrypts or encrypts, beside the two addresses, and whether those inside may be of another family. */
export interface AssociationScope {
  /** IP protocol number. */
  readonly protocol?: number;
  readonly hasBothFamilies?: true;
}

/**
 * One primitive on associations and policies (ip-xfrm(8)).
 *
 * No way back ever adds an association: its key would have to be written down. So an old one is deleted only when nothing
 * is left to be taken back.
 */
export type IpsecOperation =
  | {
      readonly kind: 'add-association';
      readonly association: SecurityAssociation;
      readonly scope: AssociationScope;
      readonly key: Secret;
    }
  | { readonly kind: 'delete-association'; readonly association: SecurityAssociation }
  /** Deletes the policy only while it leads to associations of its own tunnel. */
  | { readonly kind: 'add-policy' | 'change-policy' | 'delete-policy'; readonly policy: IpsecPolicy };
