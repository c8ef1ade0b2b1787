# ipip1: delete link ipip1
ip link delete dev ipip1
# ipip1: close gue port 5556 once no tunnel needs it
# when nothing can be taken back any more
tunorch_close fou=5556:gue port 5556
