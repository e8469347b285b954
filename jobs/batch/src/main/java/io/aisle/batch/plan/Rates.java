package io.aisle.batch.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Measured rates: {@code rates.conf} beside this class.
 *
 * @param write with reading back, checks and report
 * @param score by what scores
 */
record Rates(Rate readAndClean, Rate compare, Rate write, Map<String, Rate> score) {
    /**
     * A rate, and where it is from.
     *
     * @param rowsPerSecond of one core
     * @param tokens word pieces of a text on average, where a network was measured
     */
    record Rate(double rowsPerSecond, OptionalDouble tokens, String command, String machine, String source) {
        private static Rate read(Config rate) {
            return new Rate(
                    rate.getDouble("rows-per-second-per-core"),
                    rate.hasPath("tokens") ? OptionalDouble.of(rate.getDouble("tokens")) : OptionalDouble.empty(),
                    rate.getString("command"),
                    rate.getString("machine"),
                    rate.getString("source"));
        }

        /** Seconds of one core for a text of so many word pieces: in proportion to them where the rate is a network's. */
        double coreSeconds(int wantedTokens) {
            return (tokens.isPresent() ? wantedTokens / tokens.getAsDouble() : 1) / rowsPerSecond;
        }
    }

    static Rates read() {
        Config rates = ConfigFactory.parseResources(Rates.class, "rates.conf");
        Map<String, Rate> score = new TreeMap<>();
        Config scorers = rates.getConfig("score");
        scorers.root().keySet().forEach(name -> score.put(name, Rate.read(scorers.getConfig(name))));
        return new Rates(
                Rate.read(rates.getConfig("read-and-clean")),
                Rate.read(rates.getConfig("compare")),
                Rate.read(rates.getConfig("write")),
                score);
    }
}
