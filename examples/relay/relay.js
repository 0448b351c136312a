// The smallest Realtime script: every message is relayed as its sender addressed it.
'use strict';

function init(session) {
    session.getLogger().info('relay is ready');
}

exports.ssExports = { init };
