package io.aisle.batch.gpu;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The GPUs that Spark's settings ask for: {@code spark.executor.resource.gpu.amount} and {@code spark.task.resource.gpu.amount}. Networks
 * are trained and run in tasks.
 *
 * <p>Under a local master nothing offers resources, and Spark would wait for them for ever. There {@link #settings} are taken away before
 * the session starts, {@link #LOCAL} says that they were there, and the process uses its first device.
 *
 * @param forTasks whether tasks are to run networks on a GPU
 * @param isLocal whether the driver is the only executor
 */
public record GpuRequest(boolean forTasks, boolean isLocal) implements Serializable {
    /** Left in the configuration of a local session whose settings asked for GPUs. */
    public static final String LOCAL = "spark.aisle.gpu.local";

    private static final String RESOURCE = "gpu";
    private static final Pattern INDEX = Pattern.compile("\\d{1,4}");
    private static final List<String> ROLES = List.of("spark.executor.", "spark.task.", "spark.driver.");

    /** Reads what a running application was asked for. */
    public static GpuRequest of(SparkContext spark) {
        SparkConf conf = spark.getConf();
        return new GpuRequest(conf.getBoolean(LOCAL, false) || isAsked(conf), spark.isLocal());
    }

    /** Whether the settings that an application is about to start with ask for some. */
    public static boolean isAsked(SparkConf conf) {
        return isPositive(conf, "spark.executor.") || isPositive(conf, "spark.task.");
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

    /**
     * The device for a network that the calling task opens or trains.
     *
     * @throws UserException if one was asked for and Spark gave the task none
     */
    public Device taskDevice() {
        if (!forTasks) {
            return Device.CPU;
        }
        return isLocal ? Device.gpu(0) : device(TaskContext.get().resourcesJMap());
    }

    static Device device(Map<String, ResourceInformation> resources) {
        ResourceInformation gpus = resources.get(RESOURCE);
        if (gpus == null || gpus.addresses().length == 0) {
            throw new UserException("Cannot use a GPU: found none among the resources of the task, expected the address"
                    + " of one. Set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount, and a"
                    + " discovery script (scripts/discover-gpus).");
        }
        String address = gpus.addresses()[0];
        if (!INDEX.matcher(address).matches()) {
            throw new UserException(
                    "Cannot use a GPU: found the address " + address
                            + ", expected the index of a CUDA device, such as 0. Use scripts/discover-gpus as discovery script.");
        }
        return Device.gpu(Integer.parseInt(address));
    }

    private static boolean isPositive(SparkConf conf, String role) {
        return conf.getDouble(role + "resource." + RESOURCE + ".amount", 0) > 0;
    }
}
