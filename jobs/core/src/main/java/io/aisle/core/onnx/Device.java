package io.aisle.core.onnx;

import java.io.Serializable;

/**
 * What executes a network: the CPU, or one CUDA device.
 *
 * @param gpu index of the CUDA device among those that the process sees; -1: the CPU
 */
public record Device(int gpu) implements Serializable {
    public static final Device CPU = new Device(-1);

    public Device {
        if (gpu < -1) {
            throw new IllegalArgumentException("Cannot name a device: found index " + gpu + ", expected 0 or more");
        }
    }

    public static Device gpu(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("Cannot name a GPU: found index " + index + ", expected 0 or more");
        }
        return new Device(index);
    }

    public boolean isGpu() {
        return gpu >= 0;
    }

    @Override
    public String toString() {
        return isGpu() ? "GPU " + gpu : "CPU";
    }
}
