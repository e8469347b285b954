package io.aisle.batch.gpu;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import scala.collection.JavaConverters;

/**
 * The GPUs that Spark's settings ask for: {@code spark.executor.resource.gpu.amount} and {@code spark.task.resource.gpu.amount} for
 * scoring, {@code spark.driver.resource.gpu.amount} for training, which is the driver's work.
 *
 * <p>Under a local master nothing offers resources, and Spark would wait for them for ever. There {@link #settings} are taken away before
 * the session starts, {@link #LOCAL} says that they were there, and the process uses its first device.
 *
 * @param forTasks whether tasks are to run networks on a GPU
 * @param forDriver whether the driver is to train on a GPU
 * @param isLocal whether the driver is the only executor
 */
public record GpuRequest(boolean forTasks, boolean forDriver, boolean isLocal) implements Serializable {
    /** Left in the configuration of a local session: {@code tasks}, {@code driver} or both asked for GPUs. */
    public static final String LOCAL = "spark.aisle.gpu.local";

    private static final String TASKS = "tasks";
    private static final String DRIVER = "driver";
    private static final String RESOURCE = "gpu";
    private static final Pattern INDEX = Pattern.compile("\\d{1,4}");
    private static final List<String> ROLES = List.of("spark.executor.", "spark.task.", "spark.driver.");

    /** Reads what a running application was asked for. */
    public static GpuRequest of(SparkContext spark) {
        SparkConf conf = spark.getConf();
        List<String> local = List.of(conf.get(LOCAL, "").split(",", -1));
        return new GpuRequest(
                local.contains(TASKS) || isForTasks(conf),
                local.contains(DRIVER) || isForDriver(conf),
                spark.isLocal());
    }

    /** What to leave as {@link #LOCAL} of the settings that an application is about to start with; empty where they ask for none. */
    public static String local(SparkConf conf) {
        return Stream.of(isForTasks(conf) ? TASKS : "", isForDriver(conf) ? DRIVER : "")
                .filter(role -> !role.isEmpty())
                .collect(Collectors.joining(","));
    }

    /** All settings about GPUs, of those that an application is about to start with. */
    public static List<String> settings(SparkConf conf) {
        List<String> keys = new ArrayList<>();
        for (String role : ROLES) {
            for (var setting : conf.getAllWithPrefix(role + "resource." + RESOURCE + ".")) {
                keys.add(role + "resource." + RESOURCE + "." + setting._1());
            }
        }
        return keys;
    }

    /** The device for a network that the calling task opens. */
    public Device taskDevice() {
        if (!forTasks) {
            return Device.CPU;
        }
        return isLocal
                ? Device.gpu(0)
                : device(
                        TaskContext.get().resourcesJMap(),
                        "the task",
                        "spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount");
    }

    /**
     * The device for what the driver trains.
     *
     * @throws UserException if it was asked for and Spark found none
     */
    public Device driverDevice(SparkContext spark) {
        if (!forDriver) {
            return Device.CPU;
        }
        return isLocal
                ? Device.gpu(0)
                : device(
                        JavaConverters.mapAsJavaMap(spark.resources()),
                        "the driver",
                        "spark.driver.resource.gpu.amount");
    }

    private static Device device(Map<String, ResourceInformation> resources, String whose, String settings) {
        ResourceInformation gpus = resources.get(RESOURCE);
        if (gpus == null || gpus.addresses().length == 0) {
            throw new UserException("Cannot use a GPU: found none among the resources of " + whose
                    + ", expected the address of one. Set " + settings
                    + ", and a discovery script (scripts/discover-gpus).");
        }
        String address = gpus.addresses()[0];
        if (!INDEX.matcher(address).matches()) {
            throw new UserException(
                    "Cannot use a GPU: found the address " + address + " for " + whose
                            + ", expected the index of a CUDA device, such as 0. Use scripts/discover-gpus as discovery script.");
        }
        return Device.gpu(Integer.parseInt(address));
    }

    private static boolean isForTasks(SparkConf conf) {
        return isPositive(conf, "spark.executor.") || isPositive(conf, "spark.task.");
    }

    private static boolean isForDriver(SparkConf conf) {
        return isPositive(conf, "spark.driver.");
    }

    private static boolean isPositive(SparkConf conf, String role) {
        return conf.getDouble(role + "resource." + RESOURCE + ".amount", 0) > 0;
    }
}
