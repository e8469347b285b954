package io.aisle.batch.doctor;

import io.aisle.training.FineTuner;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** Whether PyTorch loads where a task runs, for the jobs that train. */
final class PyTorchCheck implements Check {
    private static final String NAME = "pytorch";
    private static final String REMEDY =
            "Give spark-submit the jars in dist/pytorch: --jars pytorch-jni-….jar,pytorch-native-cpu-….jar, as scripts/aisle does.";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "whether PyTorch's native library loads where tasks run (train and pretrain only)";
    }

    @Override
    public List<Finding> look(Examination examination) {
        if (!examination.settings().trains()) {
            return List.of(Finding.skip(NAME, "only train and pretrain need it"));
        }
        try {
            String version = JavaSparkContext.fromSparkContext(
                            examination.spark().sparkContext())
                    .parallelize(List.of(0), 1)
                    .map(ignored -> version())
                    .first();
            return List.of(Finding.ok(NAME, "PyTorch " + version + " loads where tasks run"));
        } catch (RuntimeException e) {
            return List.of(Finding.mendable(e)
                    .map(refused -> Finding.fail(NAME, refused, REMEDY))
                    .orElseGet(() -> Finding.fail(
                            NAME,
                            "not loaded (" + e.getMessage()
                                    + "), expected the natives of PyTorch on the class path of executors",
                            REMEDY)));
        }
    }

    /** Spark ends an executor whose task throws a LinkageError. */
    private static String version() {
        try {
            return FineTuner.engineVersion();
        } catch (LinkageError e) {
            throw new IllegalStateException(e.toString(), e);
        }
    }
}
