package io.aisle.batch.evaluate;

import io.aisle.core.settings.Settings;

/**
 * What a candidate has to be to become champion; F1 and errors as shares of 1.
 *
 * @param requireHeldOut whether the rows must be shown to be unseen by both models
 * @param minDeltaMacroF1 least lower end of the 95% interval of the candidate's macro F1 less the champion's
 * @param minClassRows rows under which a class is too small to be judged on its own
 * @param maxClassDrop most F1 that a larger class may lose
 * @param maxLostClasses most larger classes that the candidate cannot name and the champion can
 * @param maxEceIncrease most by which the expected calibration error may rise
 */
record GateSettings(
        boolean requireHeldOut,
        double minDeltaMacroF1,
        long minClassRows,
        double maxClassDrop,
        int maxLostClasses,
        double maxEceIncrease) {

    static GateSettings read(Settings settings) {
        return new GateSettings(
                settings.flag("gate.require-held-out"),
                settings.number("gate.min-delta-macro-f1", -1, 1),
                settings.wholeNumber("gate.min-class-rows", 1, Long.MAX_VALUE),
                settings.number("gate.max-class-drop", 0, 1),
                settings.integer("gate.max-lost-classes", 0, Integer.MAX_VALUE),
                settings.number("gate.max-ece-increase", 0, 1));
    }
}
