#!/bin/bash
# A stand-in for the entrypoint of Spark's image, as far as no Kubernetes is needed: a driver runs by spark-submit under tini, and any
# other command runs as it is.
set -euo pipefail
case "${1:-}" in
  driver)
    shift
    exec tini -s -- "$SPARK_HOME/bin/spark-submit" --deploy-mode client "$@"
    ;;
  executor)
    echo "Cannot run an executor: found the stand-in for Spark's entrypoint, expected Spark's own." >&2
    exit 2
    ;;
  *) exec "$@" ;;
esac
