package io.aisle.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import io.aisle.core.UserException;
import java.util.concurrent.locks.ReentrantLock;

/** The one place that starts PyTorch. Its random numbers, threads and gradient switch belong to the process, hence the lock. */
final class TorchEngine implements AutoCloseable {
    private static final String NAME = "PyTorch";
    private static final ReentrantLock LOCK = new ReentrantLock();

    private final Engine engine;

    private TorchEngine(Engine engine) {
        this.engine = engine;
    }

    /**
     * PyTorch on the CPU with a number of threads and freshly seeded; waits until another training in this JVM is over.
     *
     * @throws UserException where the natives for this platform are not on the class path
     */
    static TorchEngine open(int threads, long seed) {
        LOCK.lock();
        try {
            Engine engine = start();
            JniUtils.setNumThreads(threads);
            engine.setRandomSeed(Long.hashCode(seed));
            return new TorchEngine(engine);
        } catch (RuntimeException | Error e) {
            LOCK.unlock();
            throw e;
        }
    }

    /** A manager of arrays on the CPU, for the caller to close. */
    NDManager newManager() {
        return engine.newBaseManager(Device.cpu());
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
                    "Cannot train: found no PyTorch natives on the class path, expected pytorch-native-cpu"
                            + " and pytorch-jni; build with -Dpytorch.classifier set to this platform, such as linux-x86_64");
        }
        return Engine.getEngine(NAME);
    }
}
