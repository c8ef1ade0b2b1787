/**
 * What a guest boots: `minimal` has no service manager, lives in memory and is up in seconds; `systemd` has the init, the
 * logins and the network managers of a Debian server, and a disk that outlives a reboot.
 */
export type ImageKind = 'minimal' | 'systemd';
