#!/bin/sh
# The step of action.yml on Linux and macOS: installs zr into the runner's tool cache, unless it is there, and tells the
# runner where it is. Inputs come as INPUT_… variables; the runner's own files are GITHUB_PATH, GITHUB_ENV, GITHUB_OUTPUT.
set -eu

here=$(CDPATH='' cd -- "${0%/*}/.." && pwd)

# A line of its own for the runner: what comes of others starts no second one.
fail() {
  printf '::error title=zr::%s\n' "$(printf '%s' "$*" | tr '\r\n' '  ' | sed 's/%/%25/g')"
  exit 1
}

# Succeeds for a text of one line.
is_line() {
  case $1 in *[[:cntrl:]]*) return 1 ;; esac
}

token=${INPUT_REMOTE_CACHE_TOKEN:-}
# Only the first line of a secret would be masked.
is_line "$token" || fail "remote-cache-token has more than one line"
[ -z "$token" ] || printf '::add-mask::%s\n' "$(printf '%s' "$token" | sed 's/%/%25/g')"

version=${INPUT_VERSION:-latest}
version=${version#v}
[ "$version" != latest ] || version=
case $version in
  '') ;;
  [!0-9]* | *[!0-9A-Za-z.-]*) fail "'$version' is no version; write it as 1.2.3" ;;
esac
[ -z "${INPUT_RELEASES:-}" ] || export ZR_RELEASES="$INPUT_RELEASES"

config=${XDG_CONFIG_HOME:-${HOME:-}/.config}/zr/config.toml
mark='# Written by the setup step of zr.'
if [ -n "${INPUT_REMOTE_CACHE_URL:-}" ]; then
  case ${INPUT_REMOTE_CACHE_TYPE:=http} in
    http | grpc | s3 | gcs | azure | turbo) ;;
    *) fail "remote-cache-type is '$INPUT_REMOTE_CACHE_TYPE', and not http, grpc, s3, gcs, azure or turbo" ;;
  esac
  case ${INPUT_REMOTE_CACHE_MODE:=read-write} in
    read | write | read-write) ;;
    *) fail "remote-cache-mode is '$INPUT_REMOTE_CACHE_MODE', and not read, write or read-write" ;;
  esac
  is_line "$INPUT_REMOTE_CACHE_URL" || fail "remote-cache-url has more than one line"
  case $INPUT_REMOTE_CACHE_URL in *[\"\\]* | *' '*) fail "remote-cache-url is no address" ;; esac
  # A machine that is used again has that of the job before; one that somebody wrote stays.
  if [ -e "$config" ] && [ "$(head -n 1 "$config")" != "$mark" ]; then
    fail "$config is there already: put [cache.remote] into it, or name no remote-cache-url"
  fi
fi

arch=$(uname -m)
tools=${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}/zr
# Only a version that is named can be there already: what the latest one is has to be asked.
if [ -n "$version" ] && [ -x "$tools/$version/$arch/zr" ]; then
  printf 'zr %s is in the tool cache\n' "$version"
else
  new=$tools/.new-$$
  set -- --dir "$new" --no-completions
  [ -z "$version" ] || set -- "$@" --version "$version"
  [ "${INPUT_NEED_SIGNATURE:-false}" != true ] || set -- "$@" --need-signature
  said=$(sh "$here/install.sh" "$@" 2>&1) || {
    rm -rf "$new"
    fail "$(printf '%s\n' "$said" | sed -n 's/^zr: //p' | tail -n 1)"
  }
  # That it could not be checked, for one.
  printf '%s\n' "$said" | sed -n 's/^zr: \(the signature .*\)/::warning title=zr::\1/p'
  version=$("$new/zr" --version | sed 's/^zr \([^ ]*\).*/\1/')
  mkdir -p "$tools/$version/$arch"
  # Only the program, in one step: another job of the same machine may be doing the same.
  mv -f "$new/zr" "$tools/$version/$arch/zr"
  rm -rf "$new"
  printf 'installed zr %s\n' "$version"
fi
folder=$tools/$version/$arch
printf '%s\n' "$folder" >>"$GITHUB_PATH"
printf 'version=%s\npath=%s\n' "$version" "$folder" >>"$GITHUB_OUTPUT"

[ -n "${INPUT_REMOTE_CACHE_URL:-}" ] || exit 0
mkdir -p "${config%/*}"
{
  printf '%s\n[cache.remote]\ntype = "%s"\nurl = "%s"\nmode = "%s"\n' \
    "$mark" "$INPUT_REMOTE_CACHE_TYPE" "$INPUT_REMOTE_CACHE_URL" "$INPUT_REMOTE_CACHE_MODE"
  # shellcheck disable=SC2016 # zr looks the variable up, whenever it needs the token.
  [ -z "$token" ] || printf 'auth = "bearer:$ZR_REMOTE_CACHE_TOKEN"\n'
} >"$config.new"
mv -f "$config.new" "$config"
if [ -n "$token" ]; then
  end=ZR_END_$$
  printf 'ZR_REMOTE_CACHE_TOKEN<<%s\n%s\n%s\n' "$end" "$token" "$end" >>"$GITHUB_ENV"
fi
printf 'remote cache: as %s says\n' "$config"
