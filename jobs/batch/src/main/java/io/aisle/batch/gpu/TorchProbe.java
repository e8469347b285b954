package io.aisle.batch.gpu;

import io.aisle.core.UserException;
import io.aisle.training.FineTuner;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Whether PyTorch runs where tasks run, on the device that they get: found out before long work. */
public final class TorchProbe {
    private TorchProbe() {}

    /**
     * Has one task start PyTorch.
     *
     * @return its version
     * @throws UserException if no executor has a GPU that was asked for, if the natives are missing or do not load, or if they cannot use
     *     the device
     */
    public static String version(SparkContext spark) {
        GpuRequest gpus = GpuRequest.of(spark);
        GpuProbe.require(spark, ignored -> gpus.taskDevice());
        List<String> answer = JavaSparkContext.fromSparkContext(spark)
                .parallelize(List.of(0), 1)
                .map(ignored -> answer(gpus))
                .first();
        if (!answer.get(1).isEmpty()) {
            throw new UserException(answer.get(1));
        }
        return answer.get(0);
    }

    /** The version, and why not: Spark would log what a task throws, and end an executor over natives that do not load. */
    private static List<String> answer(GpuRequest gpus) {
        try {
            new FineTuner(1, gpus.taskDevice()).requireEngine();
            return List.of(FineTuner.engineVersion(), "");
        } catch (UserException e) {
            return List.of("", e.getMessage());
        } catch (LinkageError e) {
            return List.of(
                    "",
                    "Cannot train: found natives of PyTorch that do not load (" + e
                            + "), expected those of this platform. Take them from the build for it.");
        }
    }
}
