package io.aisle.batch.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;

/**
 * What a run has used so far, by step: wall time, tasks, CPU and GPU seconds, rows and bytes.
 *
 * <p>Reading waits until Spark has reported everything that ended before. Tasks still running then (copies of slow tasks, cancelled
 * stages) are not counted; nor is what Spark's listener bus dropped because it was over-full, which Spark logs.
 */
public final class RunMeter {
    private final TaskMeter tasks;
    private final double pricePerHour;
    private final LongSupplier nanos;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private String step = "";
    private long stepStartNanos;

    /**
     * Measures a session's tasks from now on.
     *
     * @param pricePerHour of the whole cluster; NaN where no price is set
     */
    public RunMeter(SparkContext spark, double pricePerHour) {
        this(new TaskMeter(spark), pricePerHour, System::nanoTime);
    }

    /** With the clock given. */
    RunMeter(TaskMeter tasks, double pricePerHour, LongSupplier nanos) {
        this.tasks = tasks;
        this.pricePerHour = pricePerHour;
        this.nanos = nanos;
        this.stepStartNanos = nanos.getAsLong();
    }

    /** The steps in the order in which they first began; what ran before the first one stands under an empty name. */
    public synchronized List<StepUse> steps() {
        begin(step);
        Map<String, StepUse> used = new LinkedHashMap<>();
        seconds.forEach((name, wall) -> used.put(name, StepUse.none(name).plusSeconds(wall)));
        tasks.drained().forEach((name, use) -> used.merge(name, use, StepUse::plus));
        List<StepUse> steps = new ArrayList<>(used.values());
        steps.removeIf(use -> use.step().isEmpty() && use.tasks() == 0);
        return List.copyOf(steps);
    }

    /** All steps together, named total. */
    public StepUse total() {
        return steps().stream().reduce(StepUse.none("total"), StepUse::plus);
    }

    /** The price of the whole cluster an hour, as set by metrics.price-per-hour; NaN where it is not set. */
    public double pricePerHour() {
        return pricePerHour;
    }

    /** A step begins, and the one before it ends. */
    public synchronized void begin(String name) {
        long now = nanos.getAsLong();
        seconds.merge(step, (now - stepStartNanos) / 1e9, Double::sum);
        step = name;
        stepStartNanos = now;
    }

    /** Measures no more. */
    public void stop() {
        tasks.stop();
    }
}
