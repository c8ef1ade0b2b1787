tunorch_say() { printf '@@tunorch-settle %s %s\n' "$1" "$2"; }
tunorch_commit() { if [ -e "$tunorch_run/expired" ]; then tunorch_say "$1" expired; elif [ -e "$tunorch_run/$1.committed" ] || mv "$tunorch_run/$1.$2" "$tunorch_run/$1.committed" 2>/dev/null; then tunorch_say "$1" committed; else tunorch_say "$1" lost; fi; }
tunorch_take_back() { if [ -e "$tunorch_run/expired" ]; then tunorch_say "$1" expired; elif [ -e "$tunorch_run/$1.undone" ] || tunorch_undo "$1"; then tunorch_say "$1" undone; else tunorch_say "$1" lost; fi; }
tunorch_let_be() { if [ -e "$tunorch_run/expired" ]; then tunorch_say "$1" expired; elif mv "$tunorch_run/$1.armed" "$tunorch_run/$1.kept" 2>/dev/null || mv "$tunorch_run/$1.tentative" "$tunorch_run/$1.kept" 2>/dev/null; then "tunorch_unstage_$1"; tunorch_say "$1" left; else tunorch_say "$1" lost; fi; }
tunorch_settle() {
  tunorch_commit 1 tentative
}
tunorch_alone tunorch_settle
