# Turns site/ into static files in build/site: the version goes into the pages and into the names of what browsers cache.
set -eu
version=$1
rm -rf build/site
mkdir -p build/site
sed "s/@VERSION@/$version/g" site/index.html > build/site/index.html
cp site/style.css "build/site/style-$version.css"
