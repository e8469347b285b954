package io.aisle.core.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.aisle.core.UserException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * ONNX Runtime on a GPU: its CUDA execution provider, which needs a jar with CUDA code, NVIDIA's driver, the CUDA and cuDNN libraries, and
 * a device.
 */
public final class CudaProvider {
    private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");

    private CudaProvider() {}

    /**
     * Checks what can be checked without a session: that the jar on the class path has CUDA code.
     *
     * @throws UserException if it has none
     */
    public static void requireJar() {
        if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            throw new UserException(
                    "Cannot use a GPU: found an ONNX Runtime without CUDA on the class path (jar onnxruntime),"
                            + " expected the jar onnxruntime_gpu. Build with scripts/build -Pgpu, or take the GPU settings away.");
        }
    }

    /** Makes a session use a device; it says what is missing where it cannot. */
    static void use(SessionOptions options, Device device) {
        requireJar();
        try {
            options.addCUDA(device.gpu());
        } catch (OrtException e) {
            throw failed(device, e);
        }
    }

    /** What a failure of ONNX Runtime on a device means to the user. */
    static UserException failed(Device device, OrtException failure) {
        String found = Files.exists(DRIVER)
                ? "NVIDIA's driver, but ONNX Runtime cannot use the device"
                : "no NVIDIA driver (" + DRIVER + ")";
        return new UserException(
                "Cannot use " + device + ": found " + found
                        + ", expected a driver, CUDA 12 with cuDNN 9, and a device of that index."
                        + " Look at nvidia-smi on the executor's machine. ONNX Runtime says: " + failure.getMessage(),
                failure);
    }
}
