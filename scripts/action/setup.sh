#!/bin/sh
# The step of action.yml on Linux and macOS: installs zr into the runner's tool cache, unless it is there, and tells the
# runner where it is. Inputs come as INPUT_… variables; the runner's own files are GITHUB_PATH, GITHUB_ENV, GITHUB_OUTPUT.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
fail() {
  printf '::error title=zr::%s\n' "$*"
  exit 1
}

version=${INPUT_VERSION:-latest}
version=${version#v}
[ "$version" != latest ] || version=
case $version in *[!0-9A-Za-z.-]*) fail "'$version' is no version; write it as 1.2.3" ;; esac
[ -z "${INPUT_RELEASES:-}" ] || export ZR_RELEASES="$INPUT_RELEASES"
arch=$(uname -m)
tools=${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}/zr
folder=
# Only a version that is named can be there already: what the latest one is has to be asked.
if [ -n "$version" ] && [ -x "$tools/$version/$arch/zr" ]; then
  folder=$tools/$version/$arch
  printf 'zr %s is in the tool cache\n' "$version"
else
  new=$tools/.new-$$
  set -- --dir "$new" --no-completions
  [ -z "$version" ] || set -- "$@" --version "$version"
  [ "${INPUT_NEED_SIGNATURE:-false}" != true ] || set -- "$@" --need-signature
  said=$(sh "$here/install.sh" "$@" 2>&1) || {
    rm -rf "$new"
    fail "$(printf '%s' "$said" | sed 's/^zr: //' | tail -n 1)"
  }
  version=$("$new/zr" --version | sed 's/^zr \([^ ]*\).*/\1/')
  folder=$tools/$version/$arch
  mkdir -p "$tools/$version"
  # Another job of the same machine may have been faster.
  mv "$new" "$folder" 2>/dev/null && [ ! -d "$folder/.new-$$" ] || rm -rf "$new" "$folder/.new-$$"
  printf 'installed zr %s\n' "$version"
fi
printf '%s\n' "$folder" >>"$GITHUB_PATH"
printf 'version=%s\npath=%s\n' "$version" "$folder" >>"$GITHUB_OUTPUT"

[ -n "${INPUT_REMOTE_CACHE_URL:-}" ] || exit 0
case ${INPUT_REMOTE_CACHE_TYPE:=http} in
  http | grpc | s3 | gcs | azure | turbo) ;;
  *) fail "remote-cache-type is '$INPUT_REMOTE_CACHE_TYPE', and not http, grpc, s3, gcs, azure or turbo" ;;
esac
case ${INPUT_REMOTE_CACHE_MODE:=read-write} in
  read | write | read-write) ;;
  *) fail "remote-cache-mode is '$INPUT_REMOTE_CACHE_MODE', and not read, write or read-write" ;;
esac
case $INPUT_REMOTE_CACHE_URL in *[\"\\]* | *'
'*) fail "remote-cache-url is no address" ;; esac
config=${XDG_CONFIG_HOME:-$HOME/.config}/zr
mkdir -p "$config"
[ ! -e "$config/config.toml" ] || fail "$config/config.toml is there already: put [cache.remote] into it, or name no remote-cache-url"
{
  printf '[cache.remote]\ntype = "%s"\nurl = "%s"\nmode = "%s"\n' \
    "$INPUT_REMOTE_CACHE_TYPE" "$INPUT_REMOTE_CACHE_URL" "$INPUT_REMOTE_CACHE_MODE"
  [ -z "${INPUT_REMOTE_CACHE_TOKEN:-}" ] || printf 'auth = "bearer:$ZR_REMOTE_CACHE_TOKEN"\n'
} >"$config/config.toml.new"
mv "$config/config.toml.new" "$config/config.toml"
if [ -n "${INPUT_REMOTE_CACHE_TOKEN:-}" ]; then
  printf '::add-mask::%s\n' "$INPUT_REMOTE_CACHE_TOKEN"
  end=ZR_END_$$
  printf 'ZR_REMOTE_CACHE_TOKEN<<%s\n%s\n%s\n' "$end" "$INPUT_REMOTE_CACHE_TOKEN" "$end" >>"$GITHUB_ENV"
fi
printf 'remote cache: %s\n' "$INPUT_REMOTE_CACHE_URL"
