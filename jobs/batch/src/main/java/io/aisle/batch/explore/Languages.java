package io.aisle.batch.explore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/** The languages of texts, as OpenNLP's detector of 103 languages tells them. */
final class Languages {
    private static final String MODEL = "/langdetect-183.bin";

    /** A shorter text says too little. */
    static final int MIN_CHARACTERS = 60;

    /** Of a detector's answers some are guesses. */
    private static final double MIN_CONFIDENCE = 0.5;

    static final String SHORT = "too short";
    static final String UNSURE = "unsure";

    private Languages() {}

    /** How many texts there are of each language, by its ISO 639-3 code, or one of {@link #SHORT} and {@link #UNSURE}. */
    static Map<String, Long> count(List<String> texts) {
        LanguageDetectorME detector = new LanguageDetectorME(model());
        Map<String, Long> counts = new TreeMap<>();
        for (String text : texts) {
            counts.merge(language(detector, text), 1L, Long::sum);
        }
        return counts;
    }

    private static String language(LanguageDetectorME detector, String text) {
        if (text.length() < MIN_CHARACTERS) {
            return SHORT;
        }
        Language best = detector.predictLanguage(text);
        return best.getConfidence() < MIN_CONFIDENCE ? UNSURE : best.getLang();
    }

    private static LanguageDetectorModel model() {
        try (InputStream model = Languages.class.getResourceAsStream(MODEL)) {
            return new LanguageDetectorModel(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
