package io.aisle.batch.monitor;

import io.aisle.batch.profile.ProductMeasures;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.profile.ProfileBuilder;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Rows as classify writes them, drawn by chance, without Spark. */
final class Runs {
    static final int CLASSES = 40;
    static final Thresholds THRESHOLDS = Thresholds.read(Settings.overlaid(List.of()));

    /** One prediction. */
    record Drawn(
            int category,
            float confidence,
            boolean isReview,
            List<String> filled,
            int characters,
            int words,
            int unknown) {
        Drawn withFilled(List<String> fields) {
            return new Drawn(category, confidence, isReview, fields, characters, words, unknown);
        }

        Drawn withCategory(int other) {
            return new Drawn(other, confidence, isReview, filled, characters, words, unknown);
        }

        Drawn withUnknown(int more) {
            return new Drawn(category, confidence, isReview, filled, characters, words, more);
        }

        Drawn inReview() {
            return new Drawn(category, confidence, true, filled, characters, words, unknown);
        }
    }

    private Runs() {}

    /** Categories of very different sizes; of the words of a row a few are unknown, and they come together. */
    static List<Drawn> draw(int rows, long seed) {
        Random random = new Random(seed);
        List<Drawn> drawn = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int category = (int) (CLASSES * Math.pow(random.nextDouble(), 2));
            float confidence = (float) (1 - Math.pow(random.nextDouble(), 3));
            int words = 5 + random.nextInt(60);
            List<String> filled = new ArrayList<>(List.of("title"));
            if (random.nextInt(25) > 0) {
                filled.add("brand");
            }
            if (random.nextInt(3) > 0) {
                filled.add("description");
            }
            drawn.add(new Drawn(
                    category,
                    confidence,
                    confidence < 0.3,
                    filled,
                    words * (3 + random.nextInt(5)),
                    words,
                    random.nextInt(20) == 0 ? random.nextInt(words) : 0));
        }
        return drawn;
    }

    static List<String> path(int category) {
        return List.of("Shop", "Category " + category);
    }

    static Profile profile(List<Drawn> rows) {
        ProfileBuilder builder = new ProfileBuilder();
        for (Drawn row : rows) {
            builder.addPrediction(path(row.category()), row.confidence(), row.isReview());
            builder.addText(
                    path(row.category()),
                    new ProductMeasures(row.filled(), row.characters(), row.words(), OptionalInt.of(row.unknown())));
        }
        return builder.build();
    }

    static Drift drift(List<Drawn> now, List<Drawn> before) {
        return Drift.of(profile(now), profile(before), THRESHOLDS, true);
    }
}
