# Joins a disassembly (first file) with what count_operations printed (second): executed operations by kind beside those
# written down. TOLERANCE is the part of all operations by which a kind, or their sum, may differ.

# The kind of one instruction, or "" for what is not counted: moves, loads, stores, broadcasts, scalar code.
function kind_of(name, operands) {
  # arm64: the same names are scalar code with other operands.
  if (name ~ /^sha256h2?$/) return "sha-rounds"
  if (name ~ /^sha256su[01]$/) return "sha-schedule"
  if (operands ~ /[ \t]v[0-9]+\.(16b|4s|2d)/) {
    if (name ~ /^(add|sub)$/) return "add"
    if (name ~ /^(eor|orr|and|bic|orn|mvn)$/) return "logic"
    if (name ~ /^(bsl|bit|bif|eor3|bcax)$/) return "ternary"
    if (name ~ /^(shl|ushr|usra|sli|sri)$/) return "shift"
    if (name ~ /^(xar|rax1)$/) return "rotate"
    if (name ~ /^(ext|rev(16|32|64)|zip[12]|uzp[12]|trn[12]|tbl)$/) return "shuffle"
    return ""
  }
  sub(/^v/, "", name)
  # Where loads cannot broadcast, this does.
  if (name == "pshufd" && operands ~ /\$0(x0)?, /) return ""
  if (name ~ /^p(add|sub)[dq]$/) return "add"
  if (name ~ /^pternlog[dq]$/) return "ternary"
  if (name ~ /^pro[lr]v?[dq]$/) return "rotate"
  if (name ~ /^ps(rl|ll|ra)[dq]$/) return "shift"
  if (name ~ /^(pxor|por|pand|pandn)[dq]?$/ || name ~ /^(xor|or|and|andn)p[sd]$/) return "logic"
  if (name ~ /^(sha256rnds2)$/) return "sha-rounds"
  if (name ~ /^sha256msg[12]$/) return "sha-schedule"
  # Parts stored to memory are stores.
  if (name ~ /^(extract|pextr)/) return ""
  if (name ~ /^(insert[fi]|shuf|pshuf|perm|unpck|punpck|palignr|align)/) return "shuffle"
  return ""
}

function report(    i, k, total, wanted_total, bad) {
  if (kernel == "") return
  bad = ""
  for (i = 1; i <= kinds; i++) {
    k = order[i]
    if (k == "load") continue
    total += counted[k]
    wanted_total += wanted[k]
  }
  for (i = 1; i <= kinds; i++) {
    k = order[i]
    if (k == "load") continue
    difference = counted[k] - wanted[k]
    if (difference < 0) difference = -difference
    if (difference > TOLERANCE * wanted_total)
      bad = bad sprintf("\n    %s: written down %d, executed %d", k, wanted[k], counted[k])
  }
  difference = total - wanted_total
  printf "%s %-34s %4d hashes: %9d operations written down, %9d executed (%+.2f %%)%s\n", \
    (bad == "" && difference * difference <= (TOLERANCE * wanted_total) ^ 2 ? "ok    " : "FAILED"), kernel, hashes, \
    wanted_total, total, 100 * difference / wanted_total, bad
  if (bad == "" && difference * difference <= (TOLERANCE * wanted_total) ^ 2) passed++
  else failed++
}

FNR == NR {
  if ($1 ~ /^[0-9a-f]+:$/) {
    address = $1
    sub(/:$/, "", address)
    kind[address] = kind_of($2, $0)
  }
  next
}
$1 == "kernel" {
  report()
  kernel = $2 "/" $3
  hashes = $4
  delete counted
  delete wanted
  kinds = 0
}
$1 == "expect" {
  order[++kinds] = $2
  wanted[$2] = $3
}
$1 == "at" && kind[$2] != "" { counted[kind[$2]] += $3 }
END {
  report()
  printf "operation counts: %d passed, %d failed (each kind and the sum within %.1f %% of all operations)\n", passed, failed, 100 * TOLERANCE
  exit failed != 0 || passed == 0
}
