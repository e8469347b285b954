package io.aisle.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.util.cuda.CudaUtils;
import io.aisle.core.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;

/** The one place that starts PyTorch. Its random numbers, threads and gradient switch belong to the process, hence the lock. */
final class TorchEngine implements AutoCloseable {
    private static final String NAME = "PyTorch";
    private static final ReentrantLock LOCK = new ReentrantLock();

    private final Engine engine;
    private final Device device;

    private TorchEngine(Engine engine, Device device) {
        this.engine = engine;
        this.device = device;
    }

    /**
     * PyTorch with a number of CPU threads; waits until another training in this JVM is over.
     *
     * @throws UserException where the natives for this platform are not on the class path, or cannot use the device
     */
    static TorchEngine open(int threads, io.aisle.core.onnx.Device device) {
        LOCK.lock();
        try {
            Engine engine = start();
            if (device.isGpu()) {
                requireGpu(engine, device);
            }
            JniUtils.setNumThreads(threads);
            return new TorchEngine(engine, device.isGpu() ? Device.gpu(device.gpu()) : Device.cpu());
        } catch (RuntimeException | Error e) {
            LOCK.unlock();
            throw e;
        }
    }

    /** A manager of arrays on the device, for the caller to close. */
    NDManager newManager() {
        return engine.newBaseManager(device);
    }

    /** What is drawn from now on, dropout above all, is a function of the seed. */
    void seed(long seed) {
        engine.setRandomSeed(Long.hashCode(seed));
    }

    /** Whether this machine's own memory holds those arrays. */
    boolean isInHostMemory() {
        return device.equals(Device.cpu());
    }

    GradientCollector newGradientCollector() {
        return engine.newGradientCollector();
    }

    @Override
    public void close() {
        LOCK.unlock();
    }

    static String version() {
        return start().getVersion();
    }

    private static void requireGpu(Engine engine, io.aisle.core.onnx.Device device) {
        if (!engine.hasCapability(StandardCapabilities.CUDA)) {
            throw new UserException(
                    "Cannot train on " + device + ": found a PyTorch without CUDA on the class path (jar"
                            + " pytorch-native-cpu), expected pytorch-native-cu124 or another for CUDA. Build with scripts/build -Pgpu, or take"
                            + " the GPU settings away.");
        }
        if (engine.getGpuCount() <= device.gpu()) {
            throw new UserException("Cannot train on " + device + ": PyTorch found " + engine.getGpuCount()
                    + " devices, expected one of that index. Look at nvidia-smi on the driver's machine.");
        }
    }

    private static Engine start() {
        // DJL sends usage to its makers, asks the cloud's metadata service who it is, and downloads what it misses,
        // unless told not to.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        // The offline switch does not stop the download of missing natives, so that they must be seen before the engine
        // is loaded.
        if (TorchEngine.class.getResource("/native/lib/pytorch.properties") == null
                || TorchEngine.class.getResource("/jnilib/pytorch.properties") == null) {
            throw new UserException(
                    "Cannot train: found no PyTorch natives on the class path, expected the jars pytorch-native-cpu and"
                            + " pytorch-jni of this platform. Give spark-submit both (--jars; scripts/build puts them into dist/pytorch),"
                            + " or build with -Dpytorch.classifier set to this platform, such as linux-x86_64.");
        }
        requireCudaForItsNatives();
        return Engine.getEngine(NAME);
    }

    /** Natives for CUDA load on a machine with CUDA alone; elsewhere DJL would look for others in the net. */
    private static void requireCudaForItsNatives() {
        Properties natives = new Properties();
        try (InputStream in = TorchEngine.class.getResourceAsStream("/native/lib/pytorch.properties")) {
            natives.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what PyTorch says of its natives", e);
        }
        String flavor = natives.getProperty("flavor", "");
        if (flavor.startsWith("cu") && !CudaUtils.hasCuda()) {
            throw new UserException("Cannot train: found PyTorch for CUDA (" + flavor
                    + ") on a machine without it, expected NVIDIA's driver,"
                    + " a device and the CUDA runtime (libcudart). Look at nvidia-smi on the driver's machine, or train with a jar that"
                    + " was built without -Pgpu.");
        }
    }
}
