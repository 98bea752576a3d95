#!/bin/sh
# Installs zr: one program, into a folder of yours. Run it again to upgrade.
#
#   curl -fsSL https://github.com/zr-build/zr/releases/latest/download/install.sh | sh
#   sh install.sh [--version X.Y.Z] [--dir FOLDER] [--from FOLDER] [--no-completions] [--uninstall]
#
#   --version X.Y.Z     this version; else the latest one            ZR_VERSION
#   --dir FOLDER        where it goes; else ~/.local/bin             ZR_INSTALL_DIR
#   --from FOLDER       take the release from there, offline         ZR_INSTALL_FROM
#   --no-completions    leave the shells' completions alone          ZR_NO_COMPLETIONS=1
#   --need-signature    fail where the signature can't be checked    ZR_NEED_SIGNATURE=1
#   --uninstall         remove the program and its completions
#
# ZR_RELEASES names another place to download from. Proxies are those of curl or wget (https_proxy and so on). Needs a
# POSIX shell, tar, gzip, curl or wget, and something that makes SHA-256 sums; no root.
#
# Everything is in functions that the last line calls: a download that breaks off runs nothing.

set -u

zr_say() { printf '%s\n' "zr: $*" >&2; }
zr_fail() {
  zr_say "$*"
  exit 1
}
zr_has() { command -v "$1" >/dev/null 2>&1; }

zr_options() {
  ZR_RELEASES=${ZR_RELEASES:-https://github.com/zr-build/zr/releases}
  # The public key that releases are signed with, in the form of minisign; docs/releasing.md.
  ZR_KEY=''
  zr_version=${ZR_VERSION:-}
  zr_dir=${ZR_INSTALL_DIR:-}
  zr_from=${ZR_INSTALL_FROM:-}
  zr_completions=1
  [ -z "${ZR_NO_COMPLETIONS:-}" ] || zr_completions=
  zr_uninstall=
  zr_need_signature=${ZR_NEED_SIGNATURE:-}
  while [ $# -gt 0 ]; do
    case $1 in
      --version=*) zr_version=${1#*=} ;;
      --dir=*) zr_dir=${1#*=} ;;
      --from=*) zr_from=${1#*=} ;;
      --version | --dir | --from)
        [ $# -gt 1 ] || zr_fail "$1 needs a value"
        case $1 in
          --version) zr_version=$2 ;;
          --dir) zr_dir=$2 ;;
          --from) zr_from=$2 ;;
        esac
        shift
        ;;
      --no-completions) zr_completions= ;;
      --need-signature) zr_need_signature=1 ;;
      --uninstall) zr_uninstall=1 ;;
      *) zr_fail "unknown option $1; there are --version, --dir, --from, --no-completions, --need-signature and --uninstall" ;;
    esac
    shift
  done
  zr_version=${zr_version#v}
  case $zr_version in
    '') ;;
    [!0-9]* | *[!0-9A-Za-z.-]*) zr_fail "'$zr_version' is no version; write it as 1.2.3" ;;
  esac
  if [ -z "$zr_dir" ]; then
    [ -n "${HOME:-}" ] || zr_fail "HOME is not set; name a folder by --dir"
    zr_dir=$HOME/.local/bin
  fi
  # A shell leaves the tilde of --dir=~/bin, and of a variable that a file sets, as it is.
  case $zr_dir in
    '~' | '~/'*) [ -z "${HOME:-}" ] || zr_dir=$HOME${zr_dir#'~'} ;;
  esac
  case $zr_dir in
    /*) ;;
    *) zr_dir=$(pwd)/$zr_dir ;;
  esac
  zr_dir=${zr_dir%/}
}

# Sets zr_target to os-arch.
zr_detect() {
  case $(uname -s) in
    Linux) zr_os=linux ;;
    Darwin) zr_os=darwin ;;
    MINGW* | MSYS* | CYGWIN*) zr_fail "on Windows use install.ps1, in PowerShell" ;;
    *) zr_fail "there is no zr for $(uname -s); there is for Linux, macOS and Windows, on x64 and arm64" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) zr_arch=x64 ;;
    aarch64 | arm64) zr_arch=arm64 ;;
    *) zr_fail "there is no zr for $(uname -m); there is for x64 and arm64" ;;
  esac
  # A shell under Rosetta says that the machine is another one.
  if [ "$zr_os" = darwin ] && [ "$zr_arch" = x64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then
    zr_arch=arm64
  fi
  if [ "$zr_os" = linux ]; then
    case $zr_arch in
      x64) zr_loader=/lib64/ld-linux-x86-64.so.2 ;;
      arm64) zr_loader=/lib/ld-linux-aarch64.so.1 ;;
    esac
    [ -e "$zr_loader" ] ||
      zr_fail "zr needs glibc, and there is no $zr_loader here (Alpine and other systems with musl have another libc)"
  fi
  zr_target=$zr_os-$zr_arch
}

# zr_get NAME FILE: from the release to a file. Fails with a reason in zr_reason.
zr_get() {
  if [ -n "$zr_from" ]; then
    zr_reason="$zr_from/$1 can't be read"
    cp "$zr_from/$1" "$2" 2>/dev/null
    return
  fi
  if [ -n "$zr_version" ]; then zr_url=$ZR_RELEASES/download/v$zr_version/$1; else zr_url=$ZR_RELEASES/latest/download/$1; fi
  if zr_has curl; then
    # What began with TLS goes on with it.
    case $zr_url in
      https:*) zr_protocols='=https' ;;
      *) zr_protocols='=http,https' ;;
    esac
    zr_reason=$(curl --fail --silent --show-error --location --max-redirs 10 --connect-timeout 20 --retry 2 \
      --proto-redir "$zr_protocols" \
      --speed-limit 1000 --speed-time 30 --output "$2" "$zr_url" 2>&1) && return 0
    zr_reason="$zr_url: ${zr_reason#curl: }"
  elif zr_has wget; then
    zr_reason=$(wget -q -T 30 -O "$2" "$zr_url" 2>&1) && return 0
    zr_reason="$zr_url: ${zr_reason:-wget could not get it}"
  else
    zr_reason="there is neither curl nor wget to download it with"
  fi
  return 1
}

zr_sum_of() {
  if zr_has sha256sum; then sha256sum "$1"
  elif zr_has shasum; then shasum -a 256 "$1"
  else openssl dgst -sha256 -r "$1"
  fi | sed 's/^\\//; s/ .*//'
}

# Checks the signature of the sums, as far as this system can.
zr_check_signature() {
  if [ -z "$ZR_KEY" ]; then
    [ -z "$zr_need_signature" ] || zr_fail "this installer knows no key to check the signature with"
    return 0
  fi
  if ! zr_has minisign && ! zr_can_openssl; then
    [ -z "$zr_need_signature" ] || zr_fail "the signature can't be checked: that takes minisign, or OpenSSL 3"
    zr_say "the signature was not checked, as that takes minisign or OpenSSL 3; the sums were"
    return 0
  fi
  zr_get SHA256SUMS.minisig "$zr_tmp/SHA256SUMS.minisig" || zr_fail "the release has no signature: $zr_reason"
  if zr_has minisign; then
    minisign -V -q -P "$ZR_KEY" -m "$zr_tmp/SHA256SUMS" >/dev/null 2>&1 || zr_fail "the signature of the release is wrong"
    return 0
  fi
  {
    printf '%s\n' '-----BEGIN PUBLIC KEY-----'
    printf 'MCowBQYDK2VwAyEA%s\n' "$(printf '%s\n' "$ZR_KEY" | openssl base64 -d -A | tail -c 32 | openssl base64 -A)"
    printf '%s\n' '-----END PUBLIC KEY-----'
  } >"$zr_tmp/key.pem"
  sed -n 2p "$zr_tmp/SHA256SUMS.minisig" | tr -d '\r\n' | openssl base64 -d -A | tail -c 64 >"$zr_tmp/signature"
  openssl pkeyutl -verify -pubin -inkey "$zr_tmp/key.pem" -rawin -in "$zr_tmp/SHA256SUMS" -sigfile "$zr_tmp/signature" \
    >/dev/null 2>&1 || zr_fail "the signature of the release is wrong"
}

zr_can_openssl() { zr_has openssl && openssl pkeyutl -help 2>&1 | grep -q -e '-rawin'; }

# Puts the program of the release into zr_tmp, checked.
zr_fetch() {
  zr_has sha256sum || zr_has shasum || zr_has openssl ||
    zr_fail "there is nothing to make SHA-256 sums with: sha256sum, shasum or openssl"
  zr_get SHA256SUMS "$zr_tmp/SHA256SUMS" ||
    zr_fail "the release ${zr_version:-(latest)} can't be had: $zr_reason"
  zr_check_signature
  zr_archive=$(sed -n "s/^[0-9a-f]\{64\}  \(zr-[0-9A-Za-z.-]*-$zr_target\.tar\.gz\)\$/\1/p" "$zr_tmp/SHA256SUMS" | head -n 1)
  [ -n "$zr_archive" ] || zr_fail "the release has nothing for $zr_target"
  zr_found=${zr_archive#zr-}
  zr_found=${zr_found%-"$zr_target".tar.gz}
  [ -z "$zr_version" ] || [ "$zr_version" = "$zr_found" ] || zr_fail "asked for $zr_version, and the release is $zr_found"
  zr_say "zr $zr_found for $zr_target"
  zr_get "$zr_archive" "$zr_tmp/$zr_archive" || zr_fail "$zr_archive can't be had: $zr_reason"
  zr_wanted=$(sed -n "s/^\([0-9a-f]\{64\}\)  $zr_archive\$/\1/p" "$zr_tmp/SHA256SUMS")
  zr_got=$(zr_sum_of "$zr_tmp/$zr_archive")
  [ "$zr_wanted" = "$zr_got" ] ||
    zr_fail "$zr_archive is not what the release says: its SHA-256 is $zr_got, and should be $zr_wanted"
  (cd "$zr_tmp" && gzip -dc "$zr_archive" | tar -xf -) || zr_fail "$zr_archive can't be unpacked"
  zr_program=$zr_tmp/${zr_archive%.tar.gz}/zr
  [ -f "$zr_program" ] || zr_fail "$zr_archive has no program in it"
}

zr_install() {
  mkdir -p "$zr_dir" 2>/dev/null || zr_fail "$zr_dir can't be made; name another folder by --dir"
  [ ! -d "$zr_dir/zr" ] || zr_fail "$zr_dir/zr is a folder; name another folder than $zr_dir by --dir"
  # Beside the old one, so that a rename takes its place at once, even while it runs.
  zr_new=$zr_dir/.zr-new-$$
  { cp "$zr_program" "$zr_new" 2>/dev/null && chmod 755 "$zr_new"; } ||
    zr_fail "$zr_dir can't be written to, or is full; name another folder by --dir"
  zr_says=$("$zr_new" --version 2>&1) || zr_fail "the program does not run here: $zr_says"
  mv -f "$zr_new" "$zr_dir/zr" || zr_fail "$zr_dir/zr can't be replaced"
  zr_say "installed $zr_dir/zr"
  zr_shell=${SHELL:-}
  zr_shell=${zr_shell##*/}
  case $zr_completions$zr_shell in
    1bash | 1zsh | 1fish)
      "$zr_dir/zr" completion install "$zr_shell" >&2 || zr_say "the completions for $zr_shell are not installed"
      ;;
  esac
  zr_path_hint
}

zr_path_hint() {
  case :$PATH: in
    *:"$zr_dir":*)
      zr_first=$(command -v zr)
      [ "$zr_first" = "$zr_dir/zr" ] || zr_say "'zr' is still $zr_first, which stands before $zr_dir in PATH"
      return
      ;;
  esac
  # shellcheck disable=SC2088 # Shown, and opened by nobody.
  case $zr_shell in
    fish) zr_line="fish_add_path $zr_dir" zr_file="~/.config/fish/config.fish" ;;
    zsh) zr_line="export PATH=\"$zr_dir:\$PATH\"" zr_file="${ZDOTDIR:-~}/.zshrc" ;;
    bash) zr_line="export PATH=\"$zr_dir:\$PATH\"" zr_file="~/.bashrc" ;;
    *) zr_line="export PATH=\"$zr_dir:\$PATH\"" zr_file="your shell's start-up file" ;;
  esac
  zr_say "$zr_dir is not in PATH; add this to $zr_file:"
  printf '  %s\n' "$zr_line" >&2
}

zr_remove() {
  [ -e "$zr_dir/zr" ] || zr_fail "there is no $zr_dir/zr"
  if [ -n "${HOME:-}" ]; then
    zr_data=${XDG_DATA_HOME:-$HOME/.local/share}
    rm -f "$zr_data/bash-completion/completions/zr" "$zr_data/zsh/site-functions/_zr" \
      "${XDG_CONFIG_HOME:-$HOME/.config}/fish/completions/zr.fish"
  fi
  rm -f "$zr_dir/zr" || zr_fail "$zr_dir/zr can't be removed"
  zr_say "removed $zr_dir/zr; what it kept for you is in ~/.cache/zr, ~/.local/share/zr and ~/.config/zr"
}

zr_main() {
  zr_options "$@"
  if [ -n "$zr_uninstall" ]; then
    zr_remove
    return
  fi
  zr_detect
  zr_tmp=$(mktemp -d 2>/dev/null) || zr_fail "there is no place for temporary files"
  zr_new=
  trap 'rm -rf "$zr_tmp" ${zr_new:+"$zr_new"}' EXIT
  trap 'exit 1' INT TERM HUP
  zr_fetch
  zr_install
}

zr_main "$@"
