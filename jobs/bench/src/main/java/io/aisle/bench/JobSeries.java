package io.aisle.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same jobs at several sizes, each a process of its own: what each takes, and how that grows. What is fixed is taken off first: the
 * seconds of the same job at a size that is next to nothing.
 */
final class JobSeries {
    private final List<String> submit;
    private final Map<String, Double> fixed = new LinkedHashMap<>();
    private final Map<String, Map<Integer, Commands.Use>> uses = new LinkedHashMap<>();

    /** @param submit options of spark-submit, for every job */
    JobSeries(List<String> submit) {
        this.submit = List.copyOf(submit);
    }

    /** Runs a job that is next to nothing, and keeps its seconds as those that are fixed. */
    void fixed(List<String> job) throws IOException, InterruptedException {
        fixed.put(job.get(0), Commands.aisle(job, submit, Map.of()).seconds());
    }

    /** Runs a job at a size. */
    void run(int size, List<String> job) throws IOException, InterruptedException {
        Commands.Use use = Commands.aisle(job, submit, Map.of());
        System.out.printf("%s at %,d: %.1f s, %.0f MB%n", job.get(0), size, use.seconds(), use.residentBytes() / 1e6);
        uses.computeIfAbsent(job.get(0), name -> new LinkedHashMap<>()).put(size, use);
    }

    /** Tells seconds and memory at each size, and the exponents. */
    void report(Measurements measurements, String unit) {
        uses.forEach((job, bySize) -> bySize.forEach((size, use) -> measurements.quantity(
                String.format(Locale.ROOT, "%s, %,d %s", job, size, unit), "s", List.of(use.seconds()))));
        fixed.forEach((job, seconds) -> measurements.quantity(job + ", fixed", "s", List.of(seconds)));
        uses.forEach((job, bySize) -> bySize.forEach((size, use) -> measurements.quantity(
                String.format(Locale.ROOT, "%s, %,d %s, most resident memory", job, size, unit),
                "MB",
                List.of(use.residentBytes() / 1e6))));
        uses.forEach((job, bySize) -> {
            List<Double> sizes =
                    bySize.keySet().stream().map(Integer::doubleValue).toList();
            List<Double> seconds = bySize.values().stream()
                    .map(use -> use.seconds() - fixed.getOrDefault(job, 0.0))
                    .toList();
            exponent(measurements, job + ", exponent of seconds against " + unit, sizes, seconds);
            int last = sizes.size();
            if (last > 2) {
                exponent(
                        measurements,
                        job + ", the same of the last two sizes alone",
                        sizes.subList(last - 2, last),
                        seconds.subList(last - 2, last));
            }
        });
    }

    private static void exponent(Measurements measurements, String what, List<Double> sizes, List<Double> seconds) {
        double exponent = PowerLaw.exponent(sizes, seconds);
        if (Double.isFinite(exponent)) {
            measurements.quantity(what, "", List.of(exponent));
        }
    }

    /** Options after others. */
    static List<String> with(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }
}
