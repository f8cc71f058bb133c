#!/bin/sh
# See that the journeys have a browser and a font with Chinese in it; as root on Debian, install what is missing.
set -eu

browser() {
    for name in ${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable chrome}; do
        command -v "$name" && return
    done
    return 1
}
chinese() { [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]; }

missing=
browser >/dev/null || missing="chromium"
chinese || missing="$missing fontconfig fonts-wqy-microhei"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the browser journeys:$missing …"
    # shellcheck disable=SC2086  (a list of packages)
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    browser >/dev/null && chinese && exit 0
fi
echo "The browser journeys need a Chromium or Chrome and a font with Chinese. On Debian or Ubuntu:" >&2
echo "  sudo apt-get install$(printf ' %s' $missing)" >&2
echo "(CHROMIUM=/path/to/browser names one that is not on the PATH.)" >&2
exit 1
