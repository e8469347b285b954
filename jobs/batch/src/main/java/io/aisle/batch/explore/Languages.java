package io.aisle.batch.explore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * The languages of texts, as OpenNLP's detector of 103 languages tells them.
 *
 * @param told texts of each language, by its English name
 * @param tooShort texts that say too little
 * @param unsure texts of which the detector makes no more than a guess
 */
record Languages(Map<String, Long> told, long tooShort, long unsure) {
    /** A shorter text says too little. */
    static final int MIN_CHARACTERS = 60;

    private static final String MODEL = "/langdetect-183.bin";
    private static final double MIN_CONFIDENCE = 0.5;

    static Languages of(List<String> texts) {
        LanguageDetectorME detector = new LanguageDetectorME(model());
        Map<String, Long> told = new TreeMap<>();
        long tooShort = 0;
        long unsure = 0;
        for (String text : texts) {
            if (text.length() < MIN_CHARACTERS) {
                tooShort++;
                continue;
            }
            Language best = detector.predictLanguage(text);
            if (best.getConfidence() < MIN_CONFIDENCE) {
                unsure++;
            } else {
                String name = Locale.forLanguageTag(best.getLang()).getDisplayLanguage(Locale.ENGLISH);
                told.merge(name, 1L, Long::sum);
            }
        }
        return new Languages(told, tooShort, unsure);
    }

    private static LanguageDetectorModel model() {
        try (InputStream model = Languages.class.getResourceAsStream(MODEL)) {
            return new LanguageDetectorModel(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Texts whose language is told. */
    long toldTexts() {
        return told.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The language of most texts. */
    String main() {
        return told.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("any");
    }

    /** Texts in another one. */
    long others() {
        return toldTexts() - told.getOrDefault(main(), 0L);
    }
}
