# vxlan1
tunorch_owned vxlan1 tunorch:vxlan1 && ip link delete dev vxlan1
# vti61
tunorch_owned vti61 tunorch:vti61 && ip link delete dev vti61
# ip6tnl1
tunorch_owned ip6tnl1 tunorch:ip6tnl1 && ip link delete dev ip6tnl1
# ip6gretap1
tunorch_owned ip6gretap1 tunorch:ip6gretap1 && ip link delete dev ip6gretap1
# ip6gre1
tunorch_owned ip6gre1 tunorch:ip6gre1 && ip link delete dev ip6gre1
# vti1
tunorch_owned vti1 tunorch:vti1 && ip link delete dev vti1
# isatap1
tunorch_owned isatap1 tunorch:isatap1 && ip link delete dev isatap1
# sit1
tunorch_owned sit1 tunorch:sit1 && ip link delete dev sit1
# ipip1
tunorch_owned ipip1 tunorch:ipip1 && ip link delete dev ipip1
# gretap1
tunorch_owned gretap1 tunorch:gretap1 && ip link delete dev gretap1
# gre1
tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1
