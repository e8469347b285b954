package io.aisle.batch.gpu;

import io.aisle.core.UserException;
import io.aisle.core.onnx.CudaProvider;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;

/** Whether the GPUs that were asked for are there: found out before a job begins, since Spark itself would wait for them for ever. */
public final class GpuProbe {
    /** How long an executor with a GPU may take to start; a cluster that adds machines as they are wanted needs minutes. */
    public static final String WAIT = "spark.aisle.gpu.wait";

    private static final String DEFAULT_WAIT = "300s";

    private GpuProbe() {}

    /**
     * Has one task use its GPU; does nothing where none was asked for.
     *
     * @param use what the task does on an executor, such as to open a network on its device; it names jar, driver or device where one is
     *     missing
     * @throws UserException that names what is missing: an executor that has a GPU, or what the use names
     */
    public static void require(SparkContext spark, VoidFunction<Integer> use) {
        if (!GpuRequest.of(spark).forTasks()) {
            return;
        }
        await(spark, spark.getConf().getTimeAsSeconds(WAIT, DEFAULT_WAIT), use);
    }

    /**
     * The same for a network that ONNX Runtime opens: a jar without CUDA is named at once, before an executor is waited for.
     *
     * @throws UserException that names what is missing: the jar too
     */
    public static void requireForOnnx(SparkContext spark, VoidFunction<Integer> open) {
        if (GpuRequest.of(spark).forTasks()) {
            CudaProvider.requireJar();
        }
        require(spark, open);
    }

    static void await(SparkContext spark, long seconds, VoidFunction<Integer> use) {
        JavaFutureAction<Void> task = JavaSparkContext.fromSparkContext(spark)
                .parallelize(List.of(0), 1)
                .foreachAsync(use);
        try {
            task.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new UserException(
                    "Cannot use GPUs: found no executor with one within " + seconds
                            + " s, expected a worker or node manager that offers the resource gpu. Look at what the"
                            + " cluster offers, give it longer (-- --conf " + WAIT
                            + "=900s), or take the GPU settings away.",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot use a GPU", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot wait for a GPU: interrupted", e);
        }
    }
}
