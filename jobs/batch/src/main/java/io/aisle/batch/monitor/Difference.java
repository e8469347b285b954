package io.aisle.batch.monitor;

import java.util.List;

/**
 * One thing that was compared.
 *
 * @param kind what it is: rows, fill, unknown_words, review, categories, confidence, text_length, class_share or class_unknown_words
 * @param subject the field or the category's path; empty where the kind says all
 * @param now the number of the run; NaN where it is no single number
 * @param before that of the baseline
 * @param effects how large the difference is
 * @param pValue how probable it is by chance alone, beside all else that was compared; NaN where chance is no matter
 * @param level the worst of the effects, or ok where it may be chance
 * @param sentence names it, with both numbers
 */
record Difference(
        String kind,
        List<String> subject,
        double now,
        double before,
        List<Effect> effects,
        double pValue,
        Level level,
        String sentence) {

    /** How large a difference is by one measure. */
    record Effect(String measure, double size, Limits limits) {
        Level level() {
            return limits.level(size);
        }
    }

    /** Before the chance of it was weighed: its level is that of its size. */
    static Difference of(
            String kind,
            List<String> subject,
            double now,
            double before,
            List<Effect> effects,
            double pValue,
            String sentence) {
        Level level = effects.stream().map(Effect::level).reduce(Level.OK, Level::orWorse);
        return new Difference(kind, subject, now, before, effects, pValue, level, sentence);
    }

    /** As one of many: what may be chance is ok. */
    Difference among(double adjusted, double significance) {
        boolean isChance = adjusted > significance;
        return new Difference(kind, subject, now, before, effects, adjusted, isChance ? Level.OK : level, sentence);
    }

    /** How many times over the limit it is at which it fails. */
    double severity() {
        return effects.stream()
                .mapToDouble(effect -> effect.size() / effect.limits().fail())
                .max()
                .orElse(0);
    }
}
