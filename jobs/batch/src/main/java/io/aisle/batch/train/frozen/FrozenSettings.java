package io.aisle.batch.train.frozen;

import io.aisle.core.settings.Settings;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the kind distilbert-frozen needs to know.
 *
 * @param features URI of the directory that features are cached in
 * @param reg weights of the penalty to try, strongest first, each above 0
 * @param elasticNet shares of the L1 norm in the penalty to try, greatest first, 0 to 1
 * @param maxIterations steps of the optimizer at most
 */
public record FrozenSettings(String features, List<Double> reg, List<Double> elasticNet, int maxIterations) {
    private static final String REG = "train.frozen.reg";
    private static final String ELASTIC_NET = "train.frozen.elastic-net";

    public FrozenSettings {
        reg = strongestFirst(reg);
        elasticNet = strongestFirst(elasticNet);
    }

    public static FrozenSettings read(Settings settings) {
        List<Double> reg = numbers(settings, REG);
        if (reg.isEmpty() || reg.stream().anyMatch(weight -> !(weight > 0 && weight <= 1e6))) {
            settings.problem(REG, reg.toString(), "one or more numbers above 0");
        }
        List<Double> elasticNet = numbers(settings, ELASTIC_NET);
        if (elasticNet.isEmpty() || elasticNet.stream().anyMatch(share -> !(share >= 0 && share <= 1))) {
            settings.problem(ELASTIC_NET, elasticNet.toString(), "one or more numbers from 0 to 1");
        }
        return new FrozenSettings(
                settings.optionalText("train.frozen.features").orElseGet(() -> beside(settings.text("train.data"))),
                reg,
                elasticNet,
                settings.integer("train.frozen.max-iterations", 1, 100_000));
    }

    /** What the head depends on, for the manifest. */
    public Map<String, String> asText() {
        SortedMap<String, String> text = new TreeMap<>();
        text.put("frozen_reg", reg.toString());
        text.put("frozen_elastic_net", elasticNet.toString());
        text.put("frozen_max_iterations", Integer.toString(maxIterations));
        return text;
    }

    private static String beside(String data) {
        return data.replaceAll("/+$", "") + "-features";
    }

    private static List<Double> numbers(Settings settings, String key) {
        return settings.decimals(key).stream().map(BigDecimal::doubleValue).toList();
    }

    private static List<Double> strongestFirst(List<Double> numbers) {
        return numbers.stream().distinct().sorted(Comparator.reverseOrder()).toList();
    }
}
