import type { Secret } from './secret.ts';

/** A host of the inventory with its connection variables resolved. Values left out come from ssh_config. */
export interface Host {
  readonly name: string;
  readonly connection: ConnectionVars;
}

/** Ansible's connection variables after precedence, in their own words without the `ansible_` prefix. */
export interface ConnectionVars {
  /** Address or name to dial; the inventory name when left out. */
  readonly host?: string;
  /** 1..65535. */
  readonly port?: number;
  readonly user?: string;
  readonly password?: Secret;
  readonly privateKeyFile?: string;
  readonly become?: Become;
  /** The words of ansible_ssh_common_args and ansible_ssh_extra_args, as options of ssh_config(5). */
  readonly sshOptions?: readonly SshOption[];
}

export interface Become {
  readonly method: 'sudo' | 'doas' | 'su';
  readonly password?: Secret;
}

/** One `-o Name=value` of ssh(1), or the option that `-J`, `-F`, `-i` or `-p` stands for. */
export interface SshOption {
  readonly name: string;
  readonly value: string;
}
