import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FakeKernel } from './fake-kernel.ts';
import { Refusal } from './fake-kernel-state.ts';

/** What a file's time is set to after it was written from the kernel: a shell that writes to it moves it. */
const UNTOUCHED_SECONDS = 1;

/** Paths of a host that stand for the kernel; in a script they lead into the host's own folder. */
const MIRRORED =
  /(?<![\w/])\/(proc\/sys|proc\/net|proc\/self\/status|sys\/class\/net|sys\/module|lib\/modules|run\/tunorch|run\/systemd|run\/network|run\/NetworkManager|run\/udev|run\/ifstate|sys\/fs\/cgroup|etc\/systemd\/system|etc\/modules-load\.d|etc\/sysctl\.d|etc\/udev\/rules\.d|etc\/systemd\/network|etc\/netplan|etc\/NetworkManager|etc\/network|var\/log\/tunorch|run\/\.containerenv|\.dockerenv)\b/g;

/** The part of a host's file system that its kernel makes, kept in step with a fake one. */
export class FakeHostFiles {
  readonly root: string;
  /** What each tunnel link says it has received. */
  receivedPackets = 0;
  readonly #kernel: FakeKernel;
  /** What was last written, by path below the root. */
  readonly #written = new Map<string, string>();

  constructor(root: string, kernel: FakeKernel) {
    this.root = root;
    this.#kernel = kernel;
    for (const folder of ['run', 'sys/class/net', 'sys/module', 'lib/modules/6.1.0-test', 'proc/sys/net', 'proc/net', 'proc/self'])
      this.#folder(folder);
    this.#write('proc/sys/kernel/osrelease', '6.1.0-test\n');
    this.#write('proc/sys/kernel/modules_disabled', '0\n');
    this.#write('proc/self/status', 'Name:\tsh\nCapEff:\t000001ffffffffff\n');
    this.toFiles();
  }

  /** Leads the kernel's paths of a script into this folder. */
  intoRoot(script: string): string {
    return script.replaceAll(MIRRORED, (path) => `${this.root}${path}`);
  }

  /** Takes the folder out of what a script printed. */
  outOfRoot(text: string): string {
    return text.replaceAll(this.root, '');
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** What a file has; undefined where there is none. */
  read(path: string): string | undefined {
    return this.has(path) ? readFileSync(join(this.root, path), 'utf8') : undefined;
  }

  /** What lies under /etc, by path: texts, and where symbolic links lead to. */
  get etc(): Readonly<Record<string, string>> {
    const paths = this.has('etc') ? readdirSync(join(this.root, 'etc'), { recursive: true, encoding: 'utf8' }) : [];
    return Object.fromEntries(
      paths.toSorted().flatMap((path) => {
        const file = join(this.root, 'etc', path);
        const found = lstatSync(file);
        if (found.isDirectory()) return [];
        return [[`/etc/${path}`, this.outOfRoot(found.isSymbolicLink() ? `-> ${readlinkSync(file)}` : readFileSync(file, 'utf8'))]];
      }),
    );
  }

  /** Somebody writes a file. */
  put(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** It is systemd that runs this host. */
  bootWithSystemd(): void {
    this.#folder('run/systemd/system');
  }

  /** Whether a run left anything on this host. */
  get hasRunFolder(): boolean {
    return this.has('run/tunorch');
  }

  /**
   * Settings that a script wrote since the last look, into the kernel.
   *
   * Those of the whole host first: a script that switches it and then single devices writes in this order.
   */
  toKernel(): void {
    const touched = [...this.#written.keys()].filter((path) => path.startsWith('proc/sys/net/') && this.#isTouched(path));
    for (const path of touched.toSorted((a, b) => rank(a) - rank(b))) {
      const value = readFileSync(join(this.root, path), 'utf8').trim();
      if (value === '') continue;
      this.#written.set(path, '');
      this.#set(path.slice('proc/sys/'.length), value);
    }
  }

  #set(path: string, value: string): void {
    try {
      this.#kernel.writeSysctl(path, value);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
    }
  }

  #isTouched(path: string): boolean {
    const file = join(this.root, path);
    return existsSync(file) && statSync(file).mtimeMs !== UNTOUCHED_SECONDS * 1000;
  }

  /** What the kernel has now, into the files. */
  toFiles(): void {
    const wanted = this.#wanted();
    for (const path of this.#written.keys()) {
      if (wanted.has(path) || !isKernelPath(path)) continue;
      rmSync(isOwnFolder(path) ? join(this.root, dirname(path)) : join(this.root, path), { recursive: true, force: true });
      this.#written.delete(path);
    }
    for (const [path, text] of wanted) if (this.#written.get(path) !== text) this.#write(path, text);
  }

  #wanted(): ReadonlyMap<string, string> {
    const { links, sysctls, modules } = this.#kernel.state;
    const builtIn = [...modules].filter(([, found]) => found === 'built-in').map(([name]) => `kernel/net/ipv4/${name}.ko\n`);
    return new Map([
      ...[...sysctls].map(([path, value]): [string, string] => [`proc/sys/${path}`, `${value}\n`]),
      ...links.flatMap(({ device, alias = '', mtuBytes, group }): [string, string][] => [
        [`sys/class/net/${device}/ifalias`, alias === '' ? '' : `${alias}\n`],
        [`sys/class/net/${device}/mtu`, `${mtuBytes}\n`],
        [`sys/class/net/${device}/netdev_group`, `${group}\n`],
        [`sys/class/net/${device}/statistics/rx_packets`, `${this.receivedPackets}\n`],
      ]),
      ...[...modules].filter(([, found]) => found === 'loaded').map(([name]): [string, string] => [`sys/module/${name}/refcnt`, '0\n']),
      [
        'proc/net/netlink',
        `sk               Eth Pid        Groups\n0000000000000000 0   0          00000000\n${modules.get('xfrm_user') === 'loaded' ? '0000000000000000 6   0          00000000\n' : ''}`,
      ],
      ['lib/modules/6.1.0-test/modules.builtin', builtIn.join('')],
    ]);
  }

  #write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, UNTOUCHED_SECONDS, UNTOUCHED_SECONDS);
    this.#written.set(path, text);
  }

  #folder(path: string): void {
    mkdirSync(join(this.root, path), { recursive: true });
  }
}

function isKernelPath(path: string): boolean {
  return /^(proc\/sys\/net|sys\/class\/net|sys\/module)\//.test(path);
}

/** Devices and modules have a folder each, which goes with them. */
function isOwnFolder(path: string): boolean {
  return /^(proc\/sys\/net\/ipv[46]\/conf|sys\/class\/net|sys\/module)\/[^/]+\/[^/]+$/.test(path);
}

function rank(path: string): number {
  if (/\/(ip_forward|conf\/all\/forwarding)$/.test(path)) return 0;
  return path.includes('/conf/default/') ? 1 : 2;
}
