#!/usr/bin/env bash
# Bootstrap action for GPU nodes of EMR release emr-7.10.0, which itself brings NVIDIA's driver and CUDA 12: prepares what YARN needs to
# give GPUs to containers, and installs the cuDNN 9 that ONNX Runtime needs, a fixed version by its SHA-256.
set -euo pipefail
cudnn="cudnn-linux-x86_64-9.1.1.17_cuda12-archive"
sha256=992b4be26899cc4c618bb1f6989261df7d0a9f9032b2217bf1fce9dd3228c904

# nodes of EMR 7 have control groups of version 2; YARN shuts devices off by those of version 1
devices=/yarn-gpu-cgroup/devices
sudo mkdir -p "$devices"
mountpoint -q "$devices" || sudo mount -t cgroup -o devices cgroup "$devices"
sudo chmod -R a+rwx /yarn-gpu-cgroup

# the primary node may have no GPU
if ! grep -qsx 0x10de /sys/bus/pci/devices/*/vendor; then
  echo "no GPU of NVIDIA here: cuDNN is not installed"
  exit 0
fi
download=$(mktemp -d -p /mnt)
trap 'rm -rf "$download"' EXIT
curl -fsSL --retry 5 -o "$download/cudnn.tar.xz" \
  "https://developer.download.nvidia.com/compute/cudnn/redist/cudnn/linux-x86_64/$cudnn.tar.xz"
echo "$sha256  $download/cudnn.tar.xz" | sha256sum --check --quiet
sudo mkdir -p /opt/cudnn
sudo tar -xJf "$download/cudnn.tar.xz" -C /opt/cudnn --strip-components 1 "$cudnn/lib" "$cudnn/LICENSE"
echo /opt/cudnn/lib | sudo tee /etc/ld.so.conf.d/cudnn.conf >/dev/null
sudo ldconfig
