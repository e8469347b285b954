package io.aisle.batch.doctor;

import io.aisle.batch.storage.Directory;
import io.aisle.core.model.BundledNetwork;
import io.aisle.core.model.CascadeDefinition;
import io.aisle.core.model.DistilBertClassifier;
import io.aisle.core.model.LinearClassifier;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.MlpDefinition;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.StackDefinition;
import io.aisle.core.model.TreesDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;

/**
 * Whether heap, model and batches fit into the memory of the driver and every executor.
 *
 * <p>Heap: Spark sets 300 MB aside and wants half as much again, 450 MB in all; a task wants 200 MB for its window of rows and its share
 * of a shuffle. With less than one task's it fails; with less than all of them it spills, or fails where rows are long.
 *
 * <p>Beside the heap, in bytes:
 *
 * <pre>300 MB + 2 · model.onnx + tasks · activations(batch, max tokens)</pre>
 *
 * <p>300 MB are the JVM's own (code, classes, threads, network buffers). All tasks of a JVM share one session of ONNX Runtime, with either
 * engine. It holds the weights twice while it opens: as the file has them and as its kernels want them (measured: 448 MB for a model.onnx
 * of 253 MB). Activations are those of {@link io.aisle.core.onnx.DistilBertConfig#activationBytes} for each task that runs at once
 * (measured, of a DistilBERT of 6 layers and 768 dimensions: 422 MB for 8 texts of 512 tokens, where the formula says 456 MB). Spark
 * NLP gives the network one text at a time, and so takes less.
 */
final class MemoryCheck implements Check {
    static final String NAME = "memory";
    private static final long MEGABYTE = 1 << 20;
    private static final long SPARK_HEAP = 450 * MEGABYTE;
    private static final long TASK_HEAP = 200 * MEGABYTE;
    private static final long JVM = 300 * MEGABYTE;
    private static final long MIN_OVERHEAD_MEGABYTES = 384;
    private static final double TIGHT = 0.9;

    /**
     * What a model takes beside the heap.
     *
     * @param bytes of its network's file
     * @param activationBytes of one batch
     */
    record Network(long bytes, long activationBytes) {
        static final Network NONE = new Network(0, 0);

        long bytes(int tasks) {
            return 2 * bytes + tasks * activationBytes;
        }

        Network and(Network other) {
            return new Network(bytes + other.bytes, activationBytes + other.activationBytes);
        }
    }

    /**
     * What a JVM has.
     *
     * @param limitBytes of heap and all else together
     * @param source of the limit, in words
     * @param tasks that run at once in it
     */
    record Room(String name, long heapBytes, long limitBytes, String source, int tasks) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "heap and container against Spark's needs, the model and its largest batch, on the driver and every executor";
    }

    @Override
    public List<Finding> look(Examination examination) {
        Network network = examination.settings().model().isPresent() ? network(examination) : Network.NONE;
        List<Finding> findings = new ArrayList<>();
        JvmFacts driver = examination.driver();
        findings.add(judge(
                room(
                        driver,
                        examination.conf(),
                        "spark.driver.",
                        examination.isLocal() ? examination.tasksAtOnce(driver) : 0),
                network));
        findings.addAll(merged(examination.executors().stream()
                .map(executor -> judge(
                        room(executor, examination.conf(), "spark.executor.", examination.tasksAtOnce(executor)),
                        network))
                .toList()));
        return findings;
    }

    private static Network network(Examination examination) {
        return network(examination.manifest().model(), examination.model());
    }

    static Network network(ModelDefinition definition, Directory bundle) {
        if (definition instanceof NetworkDefinition model) {
            return new Network(
                    bundle.directory(BundledNetwork.MODEL_FILE).bytes(),
                    model.network().activationBytes(DistilBertClassifier.BATCH_SIZE, model.maxTokens()));
        }
        if (definition instanceof CascadeDefinition cascade) {
            return network(cascade.first(), bundle.directory(CascadeDefinition.FIRST_DIRECTORY))
                    .and(network(cascade.second(), bundle.directory(CascadeDefinition.SECOND_DIRECTORY)));
        }
        if (definition instanceof StackDefinition stack) {
            Network all = new Network(0, 0);
            for (int i = 0; i < stack.members().size(); i++) {
                all = all.and(network(stack.members().get(i), bundle.directory(StackDefinition.directory(i))));
            }
            return all;
        }
        String weights = definition instanceof LinearDefinition
                ? LinearClassifier.DIRECTORY
                : definition instanceof TreesDefinition ? TreesDefinition.TREES_DIRECTORY : MlpDefinition.DIRECTORY;
        return new Network(bundle.directory(weights).bytes(), 0);
    }

    /** YARN and Kubernetes end a container that takes more than its heap and its overhead, whatever the machine has. */
    private static Room room(JvmFacts jvm, SparkConf conf, String role, int tasks) {
        String master = conf.get("spark.master", "");
        boolean isContained = master.startsWith("yarn") || master.startsWith("k8s");
        boolean isClientDriver = role.equals("spark.driver.")
                && !conf.get("spark.submit.deployMode", "client").equals("cluster");
        long machine = jvm.limitBytes();
        String source = jvm.isContainer() ? "its container" : "its machine";
        if (!isContained || isClientDriver) {
            return new Room(jvm.name(), jvm.heapBytes(), machine, source, tasks);
        }
        long megabytes = conf.getSizeAsMb(role + "memory", "1g");
        double factor = conf.getDouble(role + "memoryOverheadFactor", 0.1);
        long overhead = conf.getSizeAsMb(
                role + "memoryOverhead", Math.max(MIN_OVERHEAD_MEGABYTES, (long) (factor * megabytes)) + "m");
        long granted = (megabytes + overhead) * MEGABYTE;
        return new Room(
                jvm.name(),
                jvm.heapBytes(),
                Math.min(granted, machine),
                granted <= machine ? role + "memory + memoryOverhead" : source,
                tasks);
    }

    static Finding judge(Room room, Network network) {
        long heapNeeded = SPARK_HEAP + room.tasks * TASK_HEAP;
        long beside = JVM + network.bytes(room.tasks);
        long together = room.heapBytes + beside;
        String tasks = room.tasks == 0 ? "no tasks" : room.tasks + (room.tasks == 1 ? " task" : " tasks") + " at once";
        String model = network.bytes == 0 ? "no model" : "model " + Texts.megabytes(network.bytes);
        String parts = "heap " + Texts.megabytes(room.heapBytes) + ", beside it " + Texts.megabytes(beside) + " ("
                + model + ", " + tasks + "), of " + Texts.megabytes(room.limitBytes) + " by " + room.source;
        String who = room.name.startsWith("executor") ? "executor" : "driver";
        String remedy = "Give it more beside the heap (-- --conf spark." + who + ".memoryOverhead="
                + (beside / MEGABYTE + 1) + "m), a smaller heap, a larger machine, or fewer tasks at once.";
        if (together > room.limitBytes) {
            return Finding.fail(
                    NAME + ": " + room.name,
                    "together " + Texts.megabytes(together) + ": " + parts + ", expected no more than that",
                    remedy);
        }
        if (room.heapBytes < heapNeeded) {
            return new Finding(
                    NAME + ": " + room.name,
                    room.heapBytes < SPARK_HEAP + Math.min(1, room.tasks) * TASK_HEAP ? Verdict.FAIL : Verdict.WARN,
                    parts + ", expected a heap of " + Texts.megabytes(heapNeeded) + " or more",
                    "Give it more: -- --" + who + "-memory "
                            + Math.max(2, (heapNeeded + (1 << 30) - 1) >> 30) + "g"
                            + (room.tasks > 1
                                    ? ", or run fewer tasks at once (spark.task.cpus, --executor-cores, local[N])."
                                    : "."));
        }
        return together > TIGHT * room.limitBytes
                ? Finding.warn(NAME + ": " + room.name, parts + ", which leaves next to nothing", remedy)
                : Finding.ok(NAME + ": " + room.name, parts);
    }

    /** Of many executors that are well one is told for all; those that are not are told one by one. */
    private static List<Finding> merged(List<Finding> ofExecutors) {
        List<Finding> well = ofExecutors.stream()
                .filter(finding -> finding.verdict() == Verdict.OK)
                .toList();
        if (well.size() < 2) {
            return ofExecutors;
        }
        List<Finding> told = new ArrayList<>(ofExecutors);
        told.removeAll(well);
        told.add(Finding.ok(
                NAME + ": executors",
                well.size() + " are well; the first: " + well.get(0).found()));
        return told;
    }
}
