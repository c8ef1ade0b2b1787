import { describe, expect, it } from 'vitest';
import { addressingScript } from '../../../src/lab/addressing.ts';
import { topologyNamed } from './topology-named.ts';

describe('addressingScript', () => {
  it('gives a host its addresses, links and routes in one ip -batch', () => {
    expect(addressingScript(topologyNamed('routed'), 'host-a')).toBe(`ip -batch - <<'EOF'
address add 10.10.10.2/24 broadcast + dev eth1
link set dev eth1 up
route add 10.10.20.0/24 via 10.10.10.1
EOF`);
  });

  it('makes a PC a namespace of its router, joined by a veth pair', () => {
    expect(addressingScript(topologyNamed('site-to-site'), 'router-b')).toBe(`ip netns add pc1
ip -batch - <<'EOF'
link add name lan0 type veth peer name eth0 netns pc1
EOF
ip -batch - <<'EOF'
address add 30.1.1.1/24 broadcast + dev eth1
address add 10.1.1.1/24 broadcast + dev lan0
link set dev eth1 up
link set dev lan0 up
EOF
ip -n pc1 -batch - <<'EOF'
link set dev lo up
address add 10.1.1.2/24 broadcast + dev eth0
link set dev eth0 up
route add default via 10.1.1.1
EOF`);
  });

  it('lets a NAT router rewrite sources on its way out, and forward', () => {
    const script = addressingScript(topologyNamed('nat'), 'router');
    expect(script).toContain('add rule ip lab postrouting oifname "eth2" masquerade');
    expect(script).toContain('sysctl -qw net.ipv4.ip_forward=1');
    expect(addressingScript(topologyNamed('nat'), 'host-b')).not.toContain('route add');
  });

  it('only brings links up where a topology has no addresses', () => {
    expect(addressingScript(topologyNamed('everything'), 'host-b')).toBe(`ip -batch - <<'EOF'
link set dev eth1 up
link set dev eth2 up
EOF`);
  });
});
