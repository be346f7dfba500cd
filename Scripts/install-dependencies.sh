#!/usr/bin/env bash
# Installs what is missing on Debian and Ubuntu; elsewhere names what is missing and stops.
#
# usage: Scripts/install-dependencies.sh run|test|deb|extras
#   run     what the program is built from
#   test    the same, and what `make test` cannot do without
#   deb     what the package is made with
#   extras  tools that single tests compare with; those tests are listed as not run without them
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Debian package | probe | what for | name elsewhere (Fedora; Arch)
run_table='
pkg-config|command pkg-config|finds the libraries below|pkgconf; pkgconf
libhwloc-dev|library hwloc|CPU topology|hwloc-devel; hwloc
libpci-dev|library libpci|PCI devices and their names|pciutils-devel; pciutils
libssl-dev|library libcrypto|the openssl kernels|openssl-devel; openssl
libsqlite3-dev|library sqlite3|the index beside many results|sqlite-devel; sqlite
zlib1g-dev|library zlib|results that are read packed (.json.gz)|zlib-devel; zlib
pci.ids|pci-ids|names of PCI devices|hwdata; hwdata
gnuplot-nox|command gnuplot|pictures in reports|gnuplot; gnuplot
'
test_table='
python3|command python3|runs the schema validator and the format checkers|python3; python
python3-venv|python-module ensurepip|the virtual environment below .build|python3; python
binutils|command objdump|the instruction check|binutils; binutils
bzip2|command bzip2|unpacks captured machines|bzip2; bzip2
librandomx0|shared-library librandomx.so.0|RandomX, which the program loads where it is there|randomx; randomx
xz-utils|command xz|unpacks captured machines|xz; xz
'
deb_table='
dpkg-dev|command dpkg-shlibdeps|what the package depends on|dpkg-devel; dpkg
chrpath|command chrpath|takes out the library path of the tarball|chrpath; chrpath
'
extras_table='
pciutils|command lspci|compares PCI detection with lspci|pciutils; pciutils
hwloc-nox|command lstopo-no-graphics|compares CPU detection with lstopo|hwloc; hwloc
lintian|command lintian|judges the package|lintian; lintian
debootstrap|command debootstrap|a fresh root to install the package in|debootstrap; debootstrap
man-db|command man|formats the manual pages|man-db; man-db
libxml2-utils|command xmllint|validates JUnit files|libxml2; libxml2
qemu-user|command qemu-aarch64|runs the arm64 kernels|qemu-user; qemu-user
gcc-aarch64-linux-gnu|command aarch64-linux-gnu-gcc|linker for the arm64 kernels|gcc-aarch64-linux-gnu; aarch64-linux-gnu-gcc
libc6-dev-arm64-cross|file /usr/aarch64-linux-gnu/include/stdio.h|C library for the arm64 kernels|glibc-arm64-linux-gnu; aarch64-linux-gnu-glibc
chromium|browser|opens the HTML pages without network|chromium; chromium
texlive-latex-base|command pdflatex|compiles the LaTeX table|texlive-latex; texlive-latex
texlive-latex-recommended|tex-file booktabs.sty|compiles the LaTeX table|texlive-booktabs; texlive-latexrecommended
strace|command strace|makes one read of an energy counter fail|strace; strace
openssl|command openssl|serves HTTPS as a management controller does|openssl; openssl
prometheus|command promtool|validates OpenMetrics text|prometheus; prometheus
parallel|command parallel|a fleet by GNU parallel|parallel; parallel
ansible-core|command ansible-playbook|a fleet by Ansible|ansible-core; ansible-core
slurmctld|command slurmctld|fleets on a real Slurm|slurm-slurmctld; slurm-llnl
slurmd|command slurmd|fleets on a real Slurm|slurm-slurmd; slurm-llnl
slurm-client|command sbatch|fleets on a real Slurm|slurm; slurm-llnl
slurm-wlm-basic-plugins|file /usr/lib/*/slurm-wlm/select_cons_tres.so|fleets on a real Slurm|slurm; slurm-llnl
munge|command munged|fleets on a real Slurm|munge; munge
zsh|command zsh|checks the zsh completions|zsh; zsh
fish|command fish|checks the fish completions|fish; fish
pocl-opencl-icd|file /etc/OpenCL/vendors/pocl.icd|an OpenCL device on the processor, for the GPU kernels|pocl; pocl
ocl-icd-libopencl1|shared-library libOpenCL.so.1|the OpenCL loader, for the GPU kernels|ocl-icd; ocl-icd
clang-16|command clang-16|compiles the GPU kernels to PTX|clang16; clang16
libclc-16|file /usr/lib/clc/nvptx64--nvidiacl.bc|compiles the GPU kernels to PTX|libclc; libclc
'

is_present() {
  local subject=${2-}
  case $1 in
    # Daemons are in folders that only root has on its path.
    command) PATH=$PATH:/usr/sbin:/sbin command -v "$subject" >/dev/null 2>&1 ;;
    library) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$subject" ;;
    shared-library) ldconfig -p 2>/dev/null | grep -F "$subject" >/dev/null ;;
    pci-ids)
      [ -e /usr/share/misc/pci.ids ] || [ -e /usr/share/misc/pci.ids.gz ] ||
        [ -e /usr/share/hwdata/pci.ids ]
      ;;
    python-module) command -v python3 >/dev/null 2>&1 && python3 -c "import $subject" 2>/dev/null ;;
    file) [ -e "$subject" ] ;;
    browser) command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ;;
    tex-file) command -v kpsewhich >/dev/null 2>&1 && kpsewhich "$subject" >/dev/null ;;
    *) die "unknown probe '$1'" ;;
  esac
}

[ "${1-}" = extras ] || require_swift

case ${1-} in
  run) table=$run_table ;;
  test) table=$run_table$test_table ;;
  deb) table=$deb_table ;;
  extras) table=$extras_table ;;
  *) die "usage: Scripts/install-dependencies.sh run|test|deb|extras" ;;
esac

missing=()
explanations=()
while IFS='|' read -r package probe purpose elsewhere; do
  [ -n "$package" ] || continue
  # The probe's two words are meant to be split, and a pattern to become the file that there is.
  # shellcheck disable=SC2086
  is_present $probe && continue
  missing+=("$package")
  explanations+=("$(printf '  %-26s %s (Fedora; Arch: %s)' "$package" "$purpose" "$elsewhere")")
done <<<"$table"

[ ${#missing[@]} -gt 0 ] || exit 0

say "Missing packages:"
printf '%s\n' "${explanations[@]}"

distribution=$(. /etc/os-release 2>/dev/null && say "${ID-} ${ID_LIKE-}")
case " $distribution " in
  *" debian "* | *" ubuntu "*) ;;
  *) die "this is not Debian or Ubuntu; install the packages above with this system's package manager, then run make again" ;;
esac
command -v apt-get >/dev/null 2>&1 || die "apt-get is not here; install the packages above, then run make again"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 ||
    die "neither root nor sudo; let an administrator run: apt-get install ${missing[*]}"
  as_root=(sudo)
fi

say "Installing them: ${as_root[*]} apt-get install --no-install-recommends ${missing[*]}"
mkdir -p "$build"
log=$build/install.log
: >"$log"
apt() {
  "${limit[@]}" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" </dev/null >>"$log" 2>&1
}
limit=()
# What no test can do without is waited for. Of the rest only what is here after ten minutes; what was begun is installed whole.
download_s=600
install() {
  if [ "$table" = "$extras_table" ]; then
    limit=(timeout $((download_s > SECONDS ? download_s - SECONDS : 1)))
    apt install --no-install-recommends --download-only "$@" || return
    limit=()
    apt install --no-install-recommends --no-download "$@"
  else
    apt install --no-install-recommends "$@"
  fi
}
# The lists may be absent (fresh container) or too old to install from.
install "${missing[@]}" && exit
apt update || true
install "${missing[@]}" && exit
if [ "$table" = "$extras_table" ]; then
  # One that this system does not have keeps no other.
  absent=()
  for package in "${missing[@]}"; do install "$package" || absent+=("$package"); done
  [ ${#absent[@]} -gt 0 ] || exit 0
  die "apt-get could not install ${absent[*]} (whole output in $log)"
fi
tail -n 5 "$log" >&2
die "apt-get could not install them (whole output in $log); install them by hand and run make again"
