package io.aisle.batch.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Facts of several JVMs in a line. */
final class Texts {
    private static final double MEGABYTE = 1 << 20;

    private Texts() {}

    /** Such as 1,536 MB, of 2^20 bytes. */
    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MB", Math.ceil(bytes / MEGABYTE));
    }

    /** What the JVMs have, each value once: "17.0.15 (driver, executor 1), 11.0.2 (executor 2)", or the value alone where all agree. */
    static String each(List<JvmFacts> jvms, Function<JvmFacts, String> value) {
        Map<String, List<String>> names = new TreeMap<>(jvms.stream()
                .collect(Collectors.groupingBy(value, Collectors.mapping(JvmFacts::name, Collectors.toList()))));
        return names.size() == 1
                ? names.keySet().iterator().next()
                : names.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + some(entry.getValue()) + ")")
                        .collect(Collectors.joining(", "));
    }

    /** The first few of many. */
    static String some(List<String> values) {
        int shown = 4;
        return values.stream().limit(shown).collect(Collectors.joining(", "))
                + (values.size() > shown ? " and " + (values.size() - shown) + " more" : "");
    }

    /** "the driver", or "the driver and 3 executors". */
    static String where(List<JvmFacts> jvms) {
        int executors = jvms.size() - 1;
        return executors == 0
                ? "the driver"
                : "the driver and " + executors + (executors == 1 ? " executor" : " executors");
    }
}
