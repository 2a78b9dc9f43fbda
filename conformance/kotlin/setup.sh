#!/bin/sh
# Lays the Kotlin compiler and its libraries in .jars, at the versions of pom.xml.
# Usage: conformance/kotlin/setup.sh        (needs a Java runtime of 11 or later, and Maven)
set -eu
cd "$(dirname "$0")"
if [ ! -f .jars/complete ]; then
  rm -rf .jars
  mvn --batch-mode --quiet dependency:copy-dependencies -DoutputDirectory=.jars
  touch .jars/complete
fi
