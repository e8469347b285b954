#!/usr/bin/env bash
# Init action for image 2.2-debian12: adds Debian's Java 17, which conf/dataproc/spark.properties names. The image's own services stay
# on Java 11.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends openjdk-17-jre-headless
/usr/lib/jvm/java-17-openjdk-amd64/bin/java -version
