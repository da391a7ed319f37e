#!/usr/bin/env bash
# Install what the suite or the benchmarks need from the system and do not find: postgresql, chromium, fonts,
# wrk, nginx.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
for need in "$@"; do
  case $need in
    postgresql)
      command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
        missing+=(postgresql)
      ;;
    chromium)
      command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
      ;;
    fonts)
      # Without Japanese letters every screenshot is a row of boxes.
      compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || missing+=(fonts-noto-cjk)
      ;;
    nginx)
      # The module answers late on purpose.
      compgen -G '/usr/lib/nginx/modules/ngx_http_echo_module.so' >/dev/null ||
        missing+=(nginx-light libnginx-mod-http-echo)
      ;;
    *)
      command -v "$need" >/dev/null || missing+=("$need")
      ;;
  esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing with apt: ${missing[*]}" >&2
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "Not root, and no sudo. As root: apt-get install ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >/dev/null </dev/null; }

apt update
apt install --no-install-recommends "${missing[@]}"
